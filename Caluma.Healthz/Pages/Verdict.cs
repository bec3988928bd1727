using System.Globalization;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Pages;

/// <summary>What a page says first: how things are, in a few words.</summary>
/// <param name="Text">The words.</param>
/// <param name="Tone">How they are meant.</param>
/// <param name="Now">What there is to say besides of the present.</param>
internal sealed record Verdict(string Text, Tone Tone, Html Now)
{
    private const int MostNamed = 5;

    public static Verdict Of(TrendReport report)
    {
        if (report.Newest is not { } newest)
        {
            return new Verdict(
                "Nothing recorded yet", Tone.Unknown, Html.Of($"<p>The first run is recorded with the next tick of the schedule <code>{report.Schedule}</code>.</p>"));
        }

        var failing = report.Checks.Where(check => check.Ok is false).ToList();
        var all = string.Create(CultureInfo.InvariantCulture, $"all {Words.Count(report.Checks.Count, "check", "checks")} passed");
        if (report.Stale)
        {
            return new Verdict(
                $"Nothing recorded for {Words.Length(report.Now - newest)}",
                Tone.Warning,
                Html.Of($"<p>Not known. See whether the recorder runs, and whether it can write its history. When it last did, {(failing.Count == 0 ? $"{all}." : "these failed:")}</p>{Failing(failing, newest)}"));
        }

        if (report.Checks.Count > 0 && report.Checks.All(IsInMaintenance))
        {
            return new Verdict(
                "In maintenance",
                Tone.Maintenance,
                Html.Of($"<p>Runs are recorded, but neither counted nor alerted on. Before that, {(failing.Count == 0 ? $"{all}." : "these failed:")}</p>{Failing(failing, newest)}"));
        }

        if (failing.Count > 0)
        {
            return new Verdict(Words.Count(failing.Count, "check is failing", "checks are failing"), Tone.Bad, Failing(failing, newest)!);
        }

        var now = Html.Of($"<p>In the newest run, {all}.</p>");
        return report.Alerts.Count == 0
            ? new Verdict("All checks pass", Tone.Good, now)
            : new Verdict($"All checks pass, and {Words.Count(report.Alerts.Count, "alert is", "alerts are")} open", Tone.Warning, now);
    }

    private static bool IsInMaintenance(SeriesTrend check) =>
        check.Windows.FirstOrDefault(window => window.Runs + window.Excluded > 0) is { Runs: 0 };

    private static Html? Failing(List<SeriesTrend> failing, DateTimeOffset newest) => failing.Count == 0
        ? null
        : Parts.List(
            [
                .. failing.Select(check => Html.Of(
                    $"{Parts.Name(check)}: <b class=\"bad-text\">{check.Reason?.Code()}</b> ({Words.Reason(check.Reason)}), for {Words.Length(newest - check.Since!.Value)} since {Parts.Moment(check.Since.Value)}")),
            ],
            MostNamed);
}
