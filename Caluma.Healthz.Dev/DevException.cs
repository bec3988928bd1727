namespace Caluma.Healthz.Dev;

/// <summary>An error of <c>./dev</c>, as lines for its caller.</summary>
internal sealed class DevException(params IEnumerable<string> lines) : Exception(string.Join(Environment.NewLine, lines))
{
    /// <summary>The log whose last lines are shown; null for none.</summary>
    public string? Log { get; init; }
}
