namespace Caluma.Healthz.Dev;

/// <summary>What went wrong, in lines for the one who called <c>./dev</c>.</summary>
internal sealed class DevException(params IEnumerable<string> lines) : Exception(string.Join(Environment.NewLine, lines))
{
    /// <summary>The file whose end tells more; null for none.</summary>
    public string? Log { get; init; }
}
