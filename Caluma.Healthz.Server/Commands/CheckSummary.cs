using Caluma.Healthz.Checks;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.Pages;
using Caluma.Healthz.Runs;

namespace Caluma.Healthz.Server.Commands;

/// <summary>Describes a run in sentences: the failing checks with address, reason, start and what to try.</summary>
/// <param name="Lines">The lines, of which the first has the number of failures.</param>
internal sealed record CheckSummary(IReadOnlyList<string> Lines)
{
    private const int MaxNamed = 5;
    private const int MaxAlike = 3;

    /// <param name="report">The run.</param>
    /// <param name="configuration">The configuration, for addresses.</param>
    /// <param name="since">The start of failures, where it is known.</param>
    public static CheckSummary Of(
        RunReport report, HealthzConfiguration configuration, IReadOnlyDictionary<(Check Check, string Target), DateTimeOffset> since)
    {
        var failed = report.Results.Where(result => !result.Ok).ToList();
        if (failed.Count == 0)
        {
            return new([report.Results.Count == 1 ? "The check passed." : $"All {report.Results.Count} passed."]);
        }

        var count = $"{failed.Count} of {report.Results.Count} failed: ";

        // One outage is one sentence, although it fails several checks.
        DateTimeOffset? Since(CheckResult result) => since.TryGetValue((result.Check, result.Target), out var start) ? start : null;
        var groups = failed.GroupBy(result => (result.HasVerdict, Since(result), Next(result))).Select(group => group.ToList()).ToList();
        var sentences = groups.Take(MaxNamed).Select(alike => Describe(alike, report, configuration, Since(alike[0]))).ToList();
        List<string> lines = [count + sentences[0], .. sentences.Skip(1)];
        if (groups.Count > MaxNamed)
        {
            lines.Add($"And {groups.Skip(MaxNamed).Sum(alike => alike.Count)} more.");
        }

        if (configuration.Options.RunbookUrl is { } runbook)
        {
            lines.Add($"Runbook: {runbook.AbsoluteUri}");
        }

        return new(lines);
    }

    private static (Reason Reason, string Step) Next(CheckResult result)
    {
        var reason = result.Reason ?? Reason.Unknown;
        return (reason, NextSteps.For(result.Check, reason));
    }

    private static string Describe(
        List<CheckResult> alike, RunReport report, HealthzConfiguration configuration, DateTimeOffset? since)
    {
        var places = alike.Take(MaxAlike).GroupBy(result => configuration.AddressOf(result.Check, result.Target)).Select(place =>
            string.Join(", ", place.Select(result => $"{result.Check.Key()}/{result.Target}"))
                + (place.Key is { } address ? $" at {address}" : ""));
        var subject = string.Join("; ", places) + (alike.Count > MaxAlike ? $", and {alike.Count - MaxAlike} more" : "");
        if (!alike[0].HasVerdict)
        {
            return $"{subject}: no verdict, because the probe itself was too busy. Try: give the probe more CPU.";
        }

        var (reason, step) = Next(alike[0]);
        var failing = since is { } start ? $" Failing since {CommandWords.Moment(start, report.StartedAt)}." : "";
        return $"{subject}: {Words.Reason(reason)} ({reason.Code()}).{failing} Try: {step}.";
    }
}
