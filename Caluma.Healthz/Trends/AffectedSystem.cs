using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Caluma.Healthz.History;

namespace Caluma.Healthz.Trends;

/// <summary>
/// A system whose checks fail together: a database, a cache or the media storage; the probe itself, on the way to all of them; or its
/// recording.
/// </summary>
/// <param name="Kind">The kind, such as <c>database</c>.</param>
/// <param name="Target">The alias.</param>
internal readonly record struct AffectedSystem(string Kind, string Target)
{
    /// <summary>The kind of the probe.</summary>
    public const string ProbeKind = "probe";

    /// <summary>The kind of its recording.</summary>
    public const string RecordingKind = "recording";

    /// <summary>All systems at once.</summary>
    public static AffectedSystem Probe { get; } = new(ProbeKind, ProbeKind);

    /// <summary>The recording, without which the state of all systems is unknown.</summary>
    public static AffectedSystem Recording { get; } = new(RecordingKind, ProbeKind);

    /// <summary>Whether it is the probe.</summary>
    public bool IsProbe => Kind == ProbeKind;

    /// <summary>The system behind a check on a target.</summary>
    public static AffectedSystem Of(Series series) => new(
        series.Check switch
        {
            Check.Caches => "cache",
            Check.MediaStorageService => "media-storage",
            _ => "database",
        },
        series.Target);

    /// <summary>The system that an alert is about.</summary>
    public static AffectedSystem Of(Alert alert) =>
        alert is { Check: { } check, Target: { } target } ? Of(new Series(check, target)) : Recording;

    /// <summary>Whether a failure of this system affects <paramref name="other"/>.</summary>
    public bool Covers(AffectedSystem other) => this == other || IsProbe;

    /// <summary>The id of an incident that started then, for logs and addresses: letters, digits, dots, dashes and underscores.</summary>
    public string IdOf(DateTimeOffset started, Severity severity)
    {
        var name = string.Concat(Target.Select(sign => char.IsAsciiLetterOrDigit(sign) || sign is '-' or '_' or '.' ? sign : '_'));
        if (name != Target)
        {
            // Two aliases that differ only in another character must not have the same id.
            name += $"-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Target)).AsSpan(0, 4))}";
        }

        var time = started.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        return $"{(IsProbe ? Kind : $"{Kind}-{name}")}-{time}{(severity == Severity.Warning ? "-ticket" : "")}";
    }
}
