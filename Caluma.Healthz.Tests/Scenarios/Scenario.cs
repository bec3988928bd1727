using Caluma.Healthz.Tests.Deployments;

namespace Caluma.Healthz.Tests.Scenarios;

/// <summary>
/// A situation in which the real Caluma 9.3.3 was recorded, its answer, and the probe's. It is either arranged here, tested by a
/// test of its own, or no matter of a probe.
/// </summary>
/// <param name="Name">Its name among the recorded ones.</param>
/// <param name="Upstream">What Caluma answered; null where it gave no answer.</param>
internal sealed record Scenario(string Name, Report? Upstream)
{
    /// <summary>What the probe answers where it differs on purpose.</summary>
    public Report? Differs { get; init; }

    /// <summary>Why it differs.</summary>
    public string? Because { get; init; }

    /// <summary>What the probe answers.</summary>
    public Report? Ours => Differs ?? Upstream;

    /// <summary>What the probe logs of each failure.</summary>
    public Reason? Reason { get; init; }

    /// <summary>What is asked.</summary>
    public string Request { get; init; } = "GET /healthz/";

    /// <summary>Brings the situation about.</summary>
    public Func<Arrangement, Task> Arrange { get; init; } = _ => Task.CompletedTask;

    /// <summary>Brings the situation about by settings alone.</summary>
    public Action<Arrangement> Set
    {
        init => Arrange = arrangement =>
        {
            value(arrangement);
            return Task.CompletedTask;
        };
    }

    /// <summary>Whether the theory of its table tests it.</summary>
    public bool IsTabled => TestedBy is null && NotApplicable is null;

    /// <summary>The name of the test that tests it, where that is not the one that goes through its table.</summary>
    public string? TestedBy { get; init; }

    /// <summary>Why it is no matter of a probe.</summary>
    public string? NotApplicable { get; init; }

    /// <summary>What a report is about where there is one of everything.</summary>
    public static string[] DefaultTargets { get; } =
        ["media storage service", "caches/default", "database migrations/default", "databases/default", "database models/default"];

    public static Report Healthy { get; } = Answer(200, DefaultTargets);

    public static Report Invalid { get; } = Answer(503, [], "configuration");

    public static Report Failing(params string[] failed) => Answer(503, DefaultTargets, failed);

    /// <summary>An answer that is no report, and what it says where it is JSON.</summary>
    public static Report NoReport(int status, params string[] message) => new(status, message);

    /// <summary>A report in the order of ours; Caluma's is random.</summary>
    public static Report Answer(int status, string[] targets, params string[] failed) => new(
        status,
        [.. from target in targets.Union(failed) select failed.Contains(target) ? $"{target}: failed" : $"{target}: ok"]);

    public override string ToString() => Name;
}
