using Caluma.Healthz.Tests.Deployments;

namespace Caluma.Healthz.Tests.Scenarios;

/// <summary>
/// A recorded situation of a real Caluma 9.3.3, with its answer and the probe's. It is arranged here, has a test of its own, or does not
/// concern a probe.
/// </summary>
/// <param name="Name">The name of the recording.</param>
/// <param name="Upstream">Caluma's answer; null where it gave none.</param>
internal sealed record Scenario(string Name, Report? Upstream)
{
    /// <summary>The answer of the probe where it differs on purpose.</summary>
    public Report? Differs { get; init; }

    /// <summary>The reason of the difference.</summary>
    public string? Because { get; init; }

    /// <summary>The answer of the probe.</summary>
    public Report? Ours => Differs ?? Upstream;

    /// <summary>The logged failures.</summary>
    public Reason? Reason { get; init; }

    /// <summary>The query of the request.</summary>
    public string Request { get; init; } = "GET /healthz/";

    /// <summary>Arranges the situation.</summary>
    public Func<Arrangement, Task> Arrange { get; init; } = _ => Task.CompletedTask;

    /// <summary>Arranges the situation by settings only.</summary>
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

    /// <summary>The name of its own test, if the theory of its table does not test it.</summary>
    public string? TestedBy { get; init; }

    /// <summary>Why it does not concern a probe.</summary>
    public string? NotApplicable { get; init; }

    /// <summary>The checks and targets of a report with one target each.</summary>
    public static string[] DefaultTargets { get; } =
        ["media storage service", "caches/default", "database migrations/default", "databases/default", "database models/default"];

    public static Report Healthy { get; } = Answer(200, DefaultTargets);

    public static Report Invalid { get; } = Answer(503, [], "configuration");

    public static Report Failing(params string[] failed) => Answer(503, DefaultTargets, failed);

    /// <summary>An answer that is no report, with its JSON.</summary>
    public static Report NoReport(int status, params string[] message) => new(status, message);

    /// <summary>A report in the probe's order; Caluma's order is random.</summary>
    public static Report Answer(int status, string[] targets, params string[] failed) => new(
        status,
        [.. from target in targets.Union(failed) select failed.Contains(target) ? $"{target}: failed" : $"{target}: ok"]);

    public override string ToString() => Name;
}
