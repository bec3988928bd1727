using Caluma.Healthz.History;

namespace Caluma.Healthz.Trends;

/// <summary>A rule that holds, or has held.</summary>
/// <param name="Rule">Which.</param>
/// <param name="Since">The tick upon which it fired.</param>
/// <param name="Check">The check it is about; null where it is about the recording itself.</param>
/// <param name="Target">The alias it is about; likewise.</param>
/// <param name="Resolved">The tick upon which it ended; null where it is open.</param>
public sealed record Alert(AlertRule Rule, DateTimeOffset Since, Check? Check = null, string? Target = null, DateTimeOffset? Resolved = null)
{
    /// <summary>How urgent it is.</summary>
    public Severity Severity => Rule.Severity();

    internal bool Is(AlertRule rule, Series? series) => Rule == rule && Check == series?.Check && Target == series?.Target;
}
