using System.Globalization;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Pages;

/// <summary>The three answers of the page: the state now, the last failure, and whether latencies are getting worse.</summary>
internal static class Summary
{
    private const int MaxNamed = 5;

    /// <summary>A forecast further ahead than the period of its data is unreliable.</summary>
    public const double MaxForecastDays = 30;

    public static Verdict With(PageContext context, Verdict verdict) => context.Report.Newest is null
        ? verdict
        : verdict with
        {
            Body = Html.Of($"""
                <dl class="facts answers"><div><dt>Now</dt><dd>{verdict.Body}</dd></div>
                <div><dt>Failed last</dt><dd>{FailedLast(context)}</dd></div>
                <div><dt>Getting worse?</dt><dd>{Worse(context)}</dd></div></dl>
                """),
        };

    /// <summary>The forecast of a latency, as the end of a sentence.</summary>
    public static string Growth(Forecast forecast, double timeoutMs) => forecast.DaysToTimeout == 0
        ? $"p95 is at the timeout of {Words.Latency(timeoutMs)}."
        : $"p95 grows by {Words.Latency(forecast.MsPerDay)} a day and reaches the timeout of {Words.Latency(timeoutMs)} in "
            + $"{Words.Length(TimeSpan.FromDays(forecast.DaysToTimeout!.Value))}.";

    /// <summary>The newest failure that is over; the page already says what fails now.</summary>
    private static Html FailedLast(PageContext context)
    {
        var last = context.Report.Checks
            .SelectMany(check => Periods(check).Select(period => (Check: check, period.Period, period.IsHour)))
            .Where(failure => failure.Period.Failed > 0)
            .Where(failure => !(failure.Check.Ok is false && failure.Period.Start.AddHours(failure.IsHour ? 1 : 24) > failure.Check.Since))
            .OrderByDescending(failure => (failure.Period.Start, failure.IsHour))
            .Take(1)
            .ToList();
        if (last is not [var (failed, period, isHour)])
        {
            var before = context.Report.Checks.Any(check => check.Ok is false) ? " before that" : "";
            var days = Math.Max(1, context.Report.Checks.Max(check => check.Days.Count));
            var recorded = days < DashboardPage.StripDays ? " of records" : "";
            return Html.Of($"<p>Nothing{before}, in {Words.Count(days, "day", "days")}{recorded}.</p>");
        }

        var start = period.Start;
        var outage = context.Incidents
            .Where(incident => incident.Incident.Recovered >= start && incident.Checks.Contains(failed))
            .MaxBy(incident => incident.Incident.Recovered);
        if (outage is not null)
        {
            var time = IncidentSections.Time(context, outage);
            return Html.Of($"<p>{IncidentSections.Link(context, outage)}: {time}{IncidentSections.Why(outage)}.</p>");
        }

        var when = isHour ? Html.Of($"in the hour from {context.Moment(period.Start)}") : Html.Of($"on {PageContext.Day(period.Start)}");
        var why = period.Reasons.Count == 0 ? "" : $" ({period.Reasons})";
        var part = Words.PartOf(period.Failed, period.Runs);
        return Html.Of($"<p>{context.Link(failed.Check, failed.Target)}, {when}: {part} failed{why}.</p>");
    }

    private static IEnumerable<(PeriodTrend Period, bool IsHour)> Periods(SeriesTrend check) =>
        check.Days.Select(day => (day, false)).Concat(check.Hours.Select(hour => (hour, true)));

    private static Html Worse(PageContext context)
    {
        var report = context.Report;
        Html Link(Alert alert) => context.LinkFromHere(alert.Check!.Value, alert.Target!);
        var growing = report.Checks
            .Where(check => check.Forecast?.DaysToTimeout < MaxForecastDays)
            .OrderBy(check => check.Forecast!.DaysToTimeout)
            .ToList();
        var slower = report.Alerts
            .Where(alert => alert.Rule == AlertRule.LatencyDrift)
            .Where(alert => !growing.Exists(check => check.Check == alert.Check && check.Target == alert.Target))
            .Select(alert => Html.Of($"{Link(alert)} is slower than usual."));
        var burning = report.Alerts
            .Where(alert => alert.Rule is AlertRule.BurnFast or AlertRule.BurnSlow or AlertRule.BurnTicket)
            .DistinctBy(alert => (alert.Check, alert.Target))
            .Select(alert => Html.Of($"{Link(alert)} fails more often than its objective allows."));
        var forecasts = growing.Select(check => Html.Of(
            $"{context.LinkFromHere(check.Check, check.Target)}: {Growth(check.Forecast!, report.TimeoutMs)}"));
        List<Html> worse = [.. forecasts, .. slower, .. burning];
        return worse switch
        {
            [_, ..] => PageContext.List(worse, MaxNamed),
            _ when report.Checks.All(check => check.Forecast is null) => Html.Of($"<p>Not enough history yet.</p>"),
            _ => Html.Of($"<p>No. No latency is trending towards the timeout, and no error budget is burning too fast.</p>"),
        };
    }
}
