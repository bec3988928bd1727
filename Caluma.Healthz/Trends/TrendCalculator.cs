using System.Runtime.CompilerServices;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;

namespace Caluma.Healthz.Trends;

/// <summary>
/// Computes the trend report: windows of less than a day from the state of the rules, longer ones from the days. It does no I/O.
/// </summary>
internal sealed class TrendCalculator(HealthzOptions options)
{
    private readonly AlertEngine _engine = new(options);

    /// <summary>
    /// The forecast of each state of a series, for as long as the state lives: a line through a week of hours takes a millisecond.
    /// </summary>
    private readonly ConditionalWeakTable<SeriesState, StrongBox<Forecast?>> _forecasts = [];

    /// <param name="now">The moment.</param>
    /// <param name="state">The state of the rules, advanced to the moment.</param>
    /// <param name="days">The days in order, up to the current one, and at least as far back as the largest window.</param>
    /// <param name="firstDay">The first day of the report.</param>
    public TrendReport Report(DateTimeOffset now, TrendState state, IReadOnlyList<TrendDay> days, DateOnly firstDay)
    {
        var moment = Moment.At(now, options.Timeout, state.Newest);

        // A recorder that has stopped cannot announce the alert of missing runs, so each report computes it.
        _engine.Advance(state, moment.Horizon);
        var states = state.Series.ToDictionary(series => series.Series);
        return new TrendReport(
            now,
            state.Newest,
            state is { Newest: not null, SinceGap: 0 },
            options.Schedule.Expression,
            options.Slo,
            options.Timeout.TotalMilliseconds,
            [.. state.Open.OrderByDescending(alert => alert.Severity).ThenByDescending(alert => alert.Since)],
            [.. Enumerable.Reverse(state.Ended)],
            [
                .. days.SelectMany(day => day.Series).Concat(states.Keys).Distinct()
                    .OrderBy(series => series.Check)
                    .ThenBy(series => series.Target, StringComparer.Ordinal)
                    .Select(series => Trend(series, states.GetValueOrDefault(series), state.Newest, days, firstDay, moment)),
            ])
        {
            Incidents = [.. Enumerable.Reverse(state.Incidents).Select(incident => incident.Incident)],
            CannotTrigger = [.. _engine.Windows.CannotTrigger()],
        };
    }

    private static double? Rounded(double? value) => value is { } number ? Math.Round(number, 4) : null;

    private static Drift? Rounded(Drift? drift) =>
        drift is null ? null : new Drift(Math.Round(drift.P95Ms, 2), Math.Round(drift.BaselineMs, 2));

    private static Forecast? Rounded(Forecast? forecast) => forecast is null ? null : new Forecast(
        Math.Round(forecast.MsPerDay, 2), Math.Round(forecast.NowMs, 2), Rounded(forecast.DaysToTimeout));

    /// <summary>The start of a series' history: its first run where the state has it, else its first hour with a record.</summary>
    private static DateTimeOffset BeginOf(Series series, SeriesState? state, IReadOnlyList<TrendDay> days, DateTimeOffset now)
    {
        var hour = days.Select(day => day.FirstHour(series)).FirstOrDefault(first => first is not null);
        return state is not null && !(hour?.AddHours(1) <= state.First) ? state.First : hour ?? now;
    }

    private SeriesTrend Trend(
        Series series, SeriesState? state, DateTimeOffset? newest, IReadOnlyList<TrendDay> history, DateOnly firstDay, Moment moment)
    {
        var begin = BeginOf(series, state, history, moment.Now);
        var days = history.Where(day => day.End > begin).ToList();
        var recent = days.Where(day => day.End > moment.Now - Window.Max.Length).ToList();

        // A check that no longer runs has a past, but no verdict.
        var verdict = state?.Newest == newest ? state : null;
        return new SeriesTrend(
            series.Check,
            series.Target,
            verdict?.Ok,
            verdict?.Reason,
            verdict?.Ok is null ? null : verdict.Since,
            [
                .. Window.OfMinutes.Select(window => OfMinutes(window, state, begin, moment)),
                .. Window.OfDays.Select(window => OfDays(window, series, recent, begin, moment)),
            ],
            state is null ? null : Rounded(Drift.Of(state.Hours)),
            state is null ? null : ForecastOf(state),
            [.. days.Where(day => day.Day >= firstDay).Select(day => day.Trend(series, begin, moment))])
        {
            Hours =
            [
                .. recent.SelectMany(day => day.Hours(series, begin, moment)).Where(hour => Window.Max.Contains(hour.Start, moment.Now)),
            ],
        };
    }

    /// <remarks>The state of a report does not change: a run that is added to it makes a new version, which is read anew.</remarks>
    private Forecast? ForecastOf(SeriesState state) =>
        _forecasts.GetValue(state, state => new StrongBox<Forecast?>(Rounded(Forecast.Of(state.Hours, options.Timeout)))).Value;

    private WindowTrend OfMinutes(Window window, SeriesState? state, DateTimeOffset begin, Moment moment)
    {
        var tally = Tally.Sum([.. state?.Buckets(moment.Now, window.Length).Select(bucket => bucket.Tally) ?? []]);
        var resolution = SeriesState.ResolutionOf(window.Length);
        var start = Timeline.Floor(moment.Now - window.Length, resolution) + resolution;
        start = state?.First > start ? state.First : start;
        var expected = state is null || start >= moment.Horizon ? 0 : options.Schedule.Count(start, moment.Horizon);
        return Trend(window, tally, Math.Max(0, expected - tally.Runs - tally.Excluded), moment.Now - begin);
    }

    private WindowTrend OfDays(Window window, Series series, IReadOnlyList<TrendDay> days, DateTimeOffset begin, Moment moment)
    {
        var parts = days
            .Where(day => day.End > moment.Now - window.Length)
            .Select(day => day.In(window, series, begin, moment))
            .ToList();
        return Trend(window, Tally.Sum([.. parts.Select(part => part.Tally)]), parts.Sum(part => part.Missing), moment.Now - begin);
    }

    private WindowTrend Trend(Window window, Tally tally, int missing, TimeSpan age)
    {
        var (runs, failed, excluded) = (tally.Runs, tally.Failed, tally.Excluded);

        // As in the rules, runs that are missing, do not count or lie before the history count as passed.
        double? burn = runs == 0 ? null : _engine.BurnRate(failed, (runs + excluded + missing) / Math.Min(1, age / window.Length));
        return new WindowTrend(
            window.Name,
            runs,
            failed,
            excluded,
            missing,
            runs == 0 ? null : Rounded(100.0 * (runs - failed) / runs),
            Rounded(burn),
            Rounded(1 - burn),
            tally.Latency.Rounded(0.5),
            tally.Latency.Rounded(0.95),
            tally.Latency.Rounded(0.99));
    }
}
