using Caluma.Healthz.Runs;

namespace Caluma.Healthz.Server.Commands;

/// <summary>The output of <c>check --format json</c>. A check that passed has no reason.</summary>
internal sealed record CheckReport(bool Ok, DateTimeOffset Started, double DurationMs, IReadOnlyList<CheckReportLine> Checks)
{
    public static CheckReport Of(RunReport report) => new(
        report.Ok, report.StartedAt, Milliseconds(report.Duration),
        [
            .. report.Results.Select(result => new CheckReportLine(
                result.Check.Key(),
                result.Target,
                result.Ok,
                Milliseconds(result.Duration),
                result.HasVerdict ? result.Reason?.Code() : CheckCommand.NoTime)),
        ]);

    private static double Milliseconds(TimeSpan duration) => Math.Round(duration.TotalMilliseconds, 1);
}
