using System.Buffers;

namespace Caluma.Healthz.Tests.History;

/// <summary>A log or document in a <see cref="MemoryHistoryStorage"/>.</summary>
internal sealed class MemoryBlob
{
    private readonly ArrayBufferWriter<byte> _content = new();

    public bool IsLog { get; init; }

    public bool IsSealed { get; set; }

    /// <summary>All that it holds. What was read of it stays as it was.</summary>
    public ReadOnlyMemory<byte> Content { get => _content.WrittenMemory; init => _content.Write(value.Span); }

    public long Version { get; set; }

    /// <summary>Who has locked it; null for nobody.</summary>
    public string? Holder { get; set; }

    public DateTimeOffset HeldUntil { get; set; }

    /// <summary>Adds to what it holds.</summary>
    public void Append(ReadOnlySpan<byte> content) => _content.Write(content);
}
