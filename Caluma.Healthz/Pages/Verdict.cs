using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Pages;

/// <summary>The first sentence of a page: the state in a few words.</summary>
/// <param name="Text">The sentence.</param>
/// <param name="Tone">Its tone.</param>
/// <param name="Body">The text below it.</param>
internal sealed record Verdict(string Text, Tone Tone, Html? Body)
{
    private const int MaxNamed = 5;

    public static Verdict Of(PageContext context)
    {
        var report = context.Report;
        if (report.Newest is not { } newest)
        {
            return Nothing(context);
        }

        var failing = report.Checks.Where(check => check.Ok is false).ToList();
        if (report.Stale)
        {
            return Unknown(context, failing, newest);
        }

        if (report.Checks.Count > 0 && report.Checks.All(IsInMaintenance))
        {
            return new Verdict(
                "In maintenance",
                Tone.Maintenance,
                Html.Of($"<p>Before that, {Seen(report, failing)}</p>{Failing(context, failing, newest)}"));
        }

        if (failing.Count > 0)
        {
            var text = Words.Count(failing.Count, "check is failing", "checks are failing");
            return new Verdict(text, Tone.Bad, Failing(context, failing, newest));
        }

        var now = Html.Of($"<p>{Capital(All(report, "passed"))} in the latest run.</p>");
        var (open, outside) = (context.Incidents.Count(incident => incident.IsOpen), IncidentView.AlertsOutside(context).Count);
        return (open, outside) switch
        {
            (0, 0) => new Verdict("All checks pass", Tone.Good, now),
            (0, _) => new Verdict($"All checks pass, and {Words.Count(outside, "alert is", "alerts are")} open", Tone.Warning, now),
            _ => new Verdict($"All checks pass, and {Words.Count(open, "incident is", "incidents are")} open", Tone.Warning, now),
        };
    }

    /// <summary>The failing checks as a list, each with address, reason and what to try.</summary>
    public static Html Failure(PageContext context, SeriesTrend check, DateTimeOffset newest)
    {
        var reason = check.Reason ?? Reason.Unknown;
        var address = context.At(check.Check, check.Target);
        var link = context.Query.Check == check.Check && context.Query.Target == check.Target
            ? context.Name(check)
            : context.Link(check.Check, check.Target);
        var why = Html.Of($"{Words.Reason(reason)} (<b class=\"bad-text\">{reason.Code()}</b>)");
        var length = newest > check.Since!.Value ? $"for {Words.Length(newest - check.Since.Value)}" : "in one run so far";
        var since = Html.Of($"failing since {context.Moment(check.Since.Value)}, {length}");
        return Html.Of(
            $"{link}{address}: {why}, {since}. <span class=\"try\"><b>Try:</b> {NextSteps.For(check.Check, reason)}.</span>");
    }

    private static Verdict Nothing(PageContext context)
    {
        var next = context.Environment.Schedule.Next(context.Now);
        var ahead = Words.Length(next - context.Now);
        return new Verdict(
            "Nothing recorded yet",
            Tone.Unknown,
            Html.Of($"<p>First run at {context.Moment(next)}, in {ahead} (schedule <code>{context.Report.Schedule}</code>).</p>"));
    }

    /// <summary>A check that failed in the last run stays red while no new runs are recorded.</summary>
    private static Verdict Unknown(PageContext context, List<SeriesTrend> failing, DateTimeOffset newest)
    {
        var ago = Words.Length(context.Now - newest);
        var (text, tone) = failing.Count == 0
            ? ($"Unknown: nothing recorded for {ago}", Tone.Warning)
            : ("Unknown: last seen failing", Tone.Bad);
        var last = "In the last run that was recorded,";
        var advice = $"Current state unknown: nothing recorded for {ago}. Check that the recorder is running and can write.";
        return new Verdict(
            text,
            tone,
            Html.Of($"<p>{advice} {last} {Seen(context.Report, failing)}</p>{Failing(context, failing, newest)}"));
    }

    private static Html? Failing(PageContext context, List<SeriesTrend> failing, DateTimeOffset newest) =>
        failing.Count == 0 ? null : PageContext.List([.. failing.Select(check => Failure(context, check, newest))], MaxNamed);

    private static bool IsInMaintenance(SeriesTrend check) =>
        check.Windows.FirstOrDefault(window => window.Runs + window.Excluded > 0) is { Runs: 0 };

    private static string Seen(TrendReport report, List<SeriesTrend> failing) =>
        failing.Count == 0 ? $"{All(report, "passed")}." : "these failed:";

    private static string All(TrendReport report, string verb) =>
        $"{(report.Checks.Count == 1 ? "the" : "all")} {Words.Count(report.Checks.Count, "check", "checks")} {verb}";

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
