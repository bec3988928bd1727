using System.Globalization;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Pages;

/// <summary>The three answers that people open the page for: what is true now, what failed last, and whether it is getting worse.</summary>
internal static class Summary
{
    private const int MostNamed = 5;

    /// <summary>A forecast that looks further ahead than it looked back for says little.</summary>
    public const double MostForecastDays = 30;

    public static Html Of(TrendReport report, Verdict verdict) => report.Newest is null
        ? verdict.Now
        : Html.Of($"<dl class=\"facts\"><div><dt>Now</dt><dd>{verdict.Now}</dd></div><div><dt>Failed last</dt><dd>{FailedLast(report)}</dd></div><div><dt>Getting worse?</dt><dd>{Worse(report)}</dd></div></dl>");

    private static Html FailedLast(TrendReport report)
    {
        var last = report.Checks
            .SelectMany(check => check.Days.Select(day => (Check: check, Period: day, IsHour: false)).Concat(check.Hours.Select(hour => (Check: check, Period: hour, IsHour: true))))
            .Where(failure => failure.Period.Failed > 0)
            .OrderByDescending(failure => (failure.Period.Start, failure.IsHour))
            .Take(1)
            .ToList();
        if (last is not [var (failed, period, isHour)])
        {
            return Html.Of($"<p>Nothing, in {Words.Count(DashboardPage.StripDays, "day", "days")}.</p>");
        }

        var when = isHour ? Html.Of($"in the hour from {Parts.Moment(period.Start)}") : Html.Of($"on {Words.Day(period.Start)}");
        return Html.Of($"<p>{Parts.Name(failed)}, {when}: {period.Failed} of {Words.Count(period.Runs, "run", "runs")}.</p>");
    }

    private static Html Worse(TrendReport report)
    {
        var growing = report.Checks.Where(check => check.Forecast?.DaysToTimeout < MostForecastDays).OrderBy(check => check.Forecast!.DaysToTimeout).ToList();
        var slower = report.Alerts
            .Where(alert => alert.Rule == AlertRule.LatencyDrift && !growing.Exists(check => check.Check == alert.Check && check.Target == alert.Target))
            .Select(alert => Html.Of($"{Parts.Name(alert.Check!.Value, alert.Target)} is slower than in the week before."));
        var burning = report.Alerts
            .Where(alert => alert.Rule is AlertRule.BurnFast or AlertRule.BurnSlow or AlertRule.BurnTicket)
            .DistinctBy(alert => (alert.Check, alert.Target))
            .Select(alert => Html.Of($"{Parts.Name(alert.Check!.Value, alert.Target)} fails more often than its objective allows."));
        List<Html> worse = [.. growing.Select(check => Html.Of($"{Parts.Name(check)}: {Growth(check.Forecast!, report.TimeoutMs)}")), .. slower, .. burning];
        return worse switch
        {
            [_, ..] => Parts.List(worse, MostNamed),
            _ when report.Checks.All(check => check.Forecast is null) => Html.Of($"<p>Too little is recorded to tell.</p>"),
            _ => Html.Of($"<p>No. No latency is on its way to the timeout, and no error budget is used up too fast.</p>"),
        };
    }

    /// <summary>Where a latency is going, as the end of a sentence.</summary>
    public static string Growth(Forecast forecast, double timeoutMs) => forecast.DaysToTimeout == 0
        ? string.Create(CultureInfo.InvariantCulture, $"p95 is at the timeout of {Words.Latency(timeoutMs)}.")
        : string.Create(CultureInfo.InvariantCulture, $"p95 grows by {Words.Latency(forecast.MsPerDay)} a day and reaches the timeout of {Words.Latency(timeoutMs)} in {Words.Length(TimeSpan.FromDays(forecast.DaysToTimeout!.Value))}.");
}
