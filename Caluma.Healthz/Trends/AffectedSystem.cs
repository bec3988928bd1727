using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using Caluma.Healthz.History;

namespace Caluma.Healthz.Trends;

/// <summary>
/// The subject of an incident: a database, a cache, the media storage, the probe itself (where all systems fail), its recording, or a group
/// of systems.
/// </summary>
/// <param name="Kind">The kind, such as <c>database</c>.</param>
/// <param name="Target">The alias.</param>
internal readonly record struct AffectedSystem(string Kind, string Target)
{
    /// <summary>The kind of the probe.</summary>
    public const string ProbeKind = "probe";

    /// <summary>The kind of the recording.</summary>
    public const string RecordingKind = "recording";

    /// <summary>The kind of a group of systems of several kinds.</summary>
    private const string AnyKind = "systems";

    /// <summary>All systems at once.</summary>
    public static AffectedSystem Probe { get; } = new(ProbeKind, ProbeKind);

    /// <summary>The recording, without which the state of all systems is unknown.</summary>
    public static AffectedSystem Recording { get; } = new(RecordingKind, ProbeKind);

    /// <summary>Whether it is the probe.</summary>
    [JsonIgnore]
    public bool IsProbe => Kind == ProbeKind;

    /// <summary>Whether it stands for several systems.</summary>
    [JsonIgnore]
    public bool IsGroup => Kind is AnyKind or "databases" or "caches";

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

    /// <summary>
    /// The group of several systems: <c>databases</c>, <c>caches</c>, or <c>systems</c> where they are of several kinds.
    /// </summary>
    public static AffectedSystem Of(IReadOnlyList<AffectedSystem> members)
    {
        if (members is [var single])
        {
            return single;
        }

        var kind = members.All(member => member.Kind == members[0].Kind) ? $"{members[0].Kind}s" : AnyKind;
        return new AffectedSystem(kind, kind);
    }

    /// <summary>Whether this system may join an incident of another one: of its kind, of a group of its kind, or of any group.</summary>
    public bool CanJoin(AffectedSystem other) => Kind == other.Kind || $"{Kind}s" == other.Kind || other.Kind == AnyKind;

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
        return $"{(IsProbe || IsGroup ? Kind : $"{Kind}-{name}")}-{time}{(severity == Severity.Warning ? "-ticket" : "")}";
    }
}
