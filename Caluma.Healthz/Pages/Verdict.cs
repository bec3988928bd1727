using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Pages;

/// <summary>The first sentence of a page: the state in a few words.</summary>
/// <param name="Text">The sentence.</param>
/// <param name="Tone">Its tone.</param>
/// <param name="Body">The text below it.</param>
internal sealed record Verdict(string Text, Tone Tone, Html? Body)
{
    private const int MaxEntries = 5;
    private const int MaxEntriesOfMany = 3;
    private const int MaxAlike = 3;

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

        var one = NameOfOne(context);
        if (report.Checks.Count > 0 && report.Checks.All(IsInMaintenance))
        {
            return new Verdict(
                one is null ? "In maintenance" : $"{one}: in maintenance",
                Tone.Maintenance,
                Html.Of($"<p>Before that, {Seen(report, failing)}</p>{Failing(context, failing, newest)}"));
        }

        if (failing.Count > 0)
        {
            var text = one is null ? Words.Count(failing.Count, "check is failing", "checks are failing") : $"{one}: failing";
            return new Verdict(text, Tone.Bad, Failing(context, failing, newest));
        }

        var pass = one is null ? "All checks pass" : $"{one}: passing";
        var now = Html.Of($"<p>{Capital(All(report, "passed"))} in the latest run.</p>");
        var (open, outside) = (context.Incidents.Count(incident => incident.IsOpen), IncidentView.AlertsOutside(context).Count);
        return (open, outside) switch
        {
            (0, 0) => new Verdict(pass, Tone.Good, now),
            (0, _) => new Verdict($"{pass}, and {Words.Count(outside, "alert is", "alerts are")} open", Tone.Warning, now),
            _ => new Verdict($"{pass}, and {Words.Count(open, "incident is", "incidents are")} open", Tone.Warning, now),
        };
    }

    /// <summary>Whether all runs in the shortest window with runs were during maintenance.</summary>
    public static bool IsInMaintenance(SeriesTrend check) =>
        check.Windows.FirstOrDefault(window => window.Runs + window.Excluded > 0) is { Runs: 0 };

    /// <summary>Checks that fail alike, with address, reason, start and what to try.</summary>
    private static Html Failure(PageContext context, IReadOnlyList<SeriesTrend> alike, DateTimeOffset newest)
    {
        var (first, more) = (alike[0], alike.Count - MaxAlike);
        var reason = first.Reason ?? Reason.Unknown;
        var places = alike.Take(MaxAlike).GroupBy(check => context.Environment.AddressOf(check.Check, check.Target)).Select(place =>
        {
            var names = place.Select((check, index) =>
                Html.Of($"{(index == 0 ? "" : ", ")}{context.LinkFromHere(check.Check, check.Target)}"));
            return Html.Of($"{Html.Join(names)}{context.At(place.First().Check, place.First().Target)}");
        });
        var subject = Html.Join(places.Select((place, index) => Html.Of($"{(index == 0 ? "" : "; ")}{place}")));
        var others = more > 0 ? $", and {more} more" : "";
        var why = Html.Of($"{Words.Reason(reason)} (<b class=\"bad-text\">{reason.Code()}</b>)");
        var length = newest > first.Since!.Value ? $"for {Words.Length(newest - first.Since.Value)}" : "in one run so far";
        var since = Html.Of($"failing since {context.Moment(first.Since.Value)}, {length}");
        return Html.Of(
            $"{subject}{others}: {why}, {since}. <span class=\"try\"><b>Try:</b> {NextSteps.For(first.Check, reason)}.</span>");
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
            ? ($"nothing recorded for {ago}", Tone.Warning)
            : ("last seen failing", Tone.Bad);
        var last = "In the last run that was recorded,";
        var advice = $"Current state unknown: nothing recorded for {ago}. Check that the recorder is running and can write.";
        return new Verdict(
            NameOfOne(context) is { } one ? $"{one}: unknown, {text}" : $"Unknown: {text}",
            tone,
            Html.Of($"<p>{advice} {last} {Seen(context.Report, failing)}</p>{Failing(context, failing, newest)}"));
    }

    /// <summary>One outage is one entry, although it fails several checks.</summary>
    private static Html? Failing(PageContext context, List<SeriesTrend> failing, DateTimeOffset newest) => failing.Count == 0
        ? null
        : PageContext.List(
            [
                .. failing.GroupBy(check => (check.Reason, check.Since, NextSteps.For(check.Check, check.Reason ?? Reason.Unknown)))
                    .Select(alike => Failure(context, [.. alike], newest)),
            ],
            context.Report.Checks.Count > CheckTable.MaxDetailed ? MaxEntriesOfMany : MaxEntries);

    /// <summary>The name of the check on a page of one check; null on the overview.</summary>
    private static string? NameOfOne(PageContext context) =>
        context.Query.Check is not null && context.Report.Checks is [var only] ? context.PlainName(only) : null;

    private static string Seen(TrendReport report, List<SeriesTrend> failing) =>
        failing.Count == 0 ? $"{All(report, "passed")}." : "these failed:";

    private static string All(TrendReport report, string verb) =>
        report.Checks.Count == 1 ? $"the check {verb}" : $"all {Words.Count(report.Checks.Count, "check", "checks")} {verb}";

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
