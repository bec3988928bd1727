using System.Text.Json.Serialization;
using Caluma.Healthz.History;

namespace Caluma.Healthz.Trends;

/// <summary>An incident with the data that decide when it is over, and whether later failures belong to it.</summary>
internal sealed class IncidentState
{
    /// <summary>The incident as in its last notification, without the checks that have joined since.</summary>
    public required Incident Incident { get; set; }

    /// <summary>The rule that opened it.</summary>
    public required AlertRule OpenedBy { get; init; }

    /// <summary>Its newest failing run, or its newest missing run.</summary>
    public required DateTimeOffset LastFailure { get; set; }

    /// <summary>The time of the last notification.</summary>
    [JsonPropertyName("lastSaid")]
    public required DateTimeOffset NotifiedAt { get; set; }

    /// <summary>When the last system joined; when the incident was opened, where none has.</summary>
    public DateTimeOffset Joined
    {
        get => field == default ? Incident.Opened : field;
        set;
    }

    /// <summary>The number of systems of which people were notified.</summary>
    [JsonPropertyName("saidMembers")]
    public int NotifiedSystems { get; set; }

    /// <summary>Whether the newest run of its checks failed.</summary>
    public bool IsFailing { get; set; } = true;

    /// <summary>Whether runs passed between its failures. Passing runs then need longer to resolve it.</summary>
    public bool HasRelapsed { get; set; }

    /// <summary>Whether people must be notified of checks or systems that have joined.</summary>
    [JsonPropertyName("hasUnsaid")]
    public bool NeedsUpdate { get; set; }

    /// <summary>The number of failed runs since it was resolved.</summary>
    public int FailuresSince { get; set; }

    [JsonIgnore]
    public AffectedSystem System => new(Incident.System, Incident.Target);

    [JsonIgnore]
    public bool IsOpen => Incident.Resolved is null;

    [JsonIgnore]
    public bool IsPage => Incident.Severity == Severity.Critical;

    /// <summary>
    /// Adds systems and checks. People are notified of each new check and of the first system that joins; after that, only when there are
    /// four times as many systems as in the last notification. Fifty systems that fail one after the other make three notifications.
    /// </summary>
    public void Join(AffectedSystems affected, DateTimeOffset tick)
    {
        var before = Incident;
        Incident = before.With(affected);
        Joined = Incident.Count > before.Count ? tick : Joined;
        NeedsUpdate |= this is { IsPage: true, System.IsProbe: false }
            && (!before.Checks.Includes(Incident.Checks) || Incident.Count >= (NotifiedSystems <= 1 ? 2 : 4 * NotifiedSystems));
    }

    /// <summary>Adds the verdicts of a run.</summary>
    public void Add(RunRecord record)
    {
        if (!IsOpen && record.Ok)
        {
            return;
        }

        var (found, fails) = (false, false);
        foreach (var check in record.Checks)
        {
            if (Incident.Covers(AffectedSystem.Of(check.Series)) && (!IsOpen || System.IsProbe || Incident.Checks.Contains(check.Check)))
            {
                found = true;
                fails |= !check.Ok;
            }
        }

        if (!IsOpen)
        {
            FailuresSince += fails ? 1 : 0;
        }
        else if (found)
        {
            HasRelapsed |= fails && !IsFailing;
            IsFailing = fails;
            if (IsPage && (fails ? Incident.Recovered is not null : Incident.Recovered is null && record.Tick > LastFailure))
            {
                Incident = Incident with { Recovered = fails ? null : record.Tick };
            }

            LastFailure = fails && record.Tick > LastFailure ? record.Tick : LastFailure;
        }
    }
}
