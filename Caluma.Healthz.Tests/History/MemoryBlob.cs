namespace Caluma.Healthz.Tests.History;

/// <summary>A log or document in a <see cref="MemoryHistoryStorage"/>.</summary>
internal sealed class MemoryBlob
{
    public bool IsLog { get; init; }

    public bool IsSealed { get; set; }

    public byte[] Content { get; set; } = [];

    public long Version { get; set; }

    /// <summary>Who has locked it; null for nobody.</summary>
    public string? Holder { get; set; }

    public DateTimeOffset HeldUntil { get; set; }
}
