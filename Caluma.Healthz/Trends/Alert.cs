using Caluma.Healthz.History;

namespace Caluma.Healthz.Trends;

/// <summary>A rule that has triggered, and has resolved or not.</summary>
/// <param name="Rule">Which.</param>
/// <param name="Since">
/// When what it is about began: the first failing run, or the first hour that was slow, or the first run that was not recorded.
/// </param>
/// <param name="Check">The check it is about; null where it is about the recording itself.</param>
/// <param name="Target">The alias it is about; likewise.</param>
/// <param name="Resolved">The tick upon which it resolved; null where it is open.</param>
internal sealed record Alert(
    AlertRule Rule, DateTimeOffset Since, Check? Check = null, string? Target = null, DateTimeOffset? Resolved = null)
{
    /// <summary>How urgent it is.</summary>
    public Severity Severity => Rule.Severity();

    /// <summary>
    /// The tick upon which it triggered. Where that is not known, as in what earlier versions have written, <see cref="Since"/>.
    /// </summary>
    public DateTimeOffset Triggered
    {
        get => field == default ? Since : field;
        init;
    }

    internal bool Is(AlertRule rule, Series? series) => Rule == rule && Check == series?.Check && Target == series?.Target;
}
