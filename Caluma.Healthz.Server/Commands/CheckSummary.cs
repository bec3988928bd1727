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
        var sentences = failed.Take(MaxNamed).Select(result => Describe(result, report, configuration, since)).ToList();
        List<string> lines = [count + sentences[0], .. sentences.Skip(1)];
        if (failed.Count > MaxNamed)
        {
            lines.Add($"And {failed.Count - MaxNamed} more.");
        }

        if (configuration.Options.RunbookUrl is { } runbook)
        {
            lines.Add($"Runbook: {runbook.AbsoluteUri}");
        }

        return new(lines);
    }

    private static string Describe(
        CheckResult result, RunReport report, HealthzConfiguration configuration,
        IReadOnlyDictionary<(Check Check, string Target), DateTimeOffset> since)
    {
        if (!result.HasVerdict)
        {
            return $"{result.Check.Key()}/{result.Target}: no verdict, because the probe itself was too busy. Try: give the probe "
                + "more CPU.";
        }

        var reason = result.Reason ?? Reason.Unknown;
        var address = configuration.AddressOf(result.Check, result.Target) is { } known ? $" at {known}" : "";
        var failing = since.TryGetValue((result.Check, result.Target), out var start)
            ? $" Failing since {CommandWords.Moment(start, report.StartedAt)}."
            : "";
        return $"{result.Check.Key()}/{result.Target}{address}: {Words.Reason(reason)} ({reason.Code()}).{failing} Try: "
            + $"{NextSteps.For(result.Check, reason)}.";
    }
}
