using Caluma.Healthz.History;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Tests.Trends;

/// <summary>When the line through the p95 of the last week reaches the timeout, which is 5 s here.</summary>
public sealed class TimeoutForecastTests
{
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(5);

    [Theory]
    [InlineData(300, 2800)]
    [InlineData(1, 4999)]
    [InlineData(20, 200)]
    public void The_line_says_when_the_timeout_is_reached(double perDay, double now)
    {
        var forecast = Of(Rising(perDay, now, 168));

        Assert.Equal(perDay, forecast.MsPerDay, 1e-6);
        Assert.Equal(now, forecast.NowMs, 1e-6);
        Assert.Equal((5000 - now) / perDay, Assert.NotNull(forecast.DaysToTimeout), 1e-6);
    }

    [Theory]
    [InlineData(0, 4999)]
    [InlineData(-300, 100)]
    public void A_flat_line_never_reaches_the_timeout(double perDay, double now) => Assert.Null(Of(Rising(perDay, now, 168)).DaysToTimeout);

    [Theory]
    [InlineData(0, 5000)]
    [InlineData(-300, 5001)]
    public void A_p95_at_the_timeout_has_reached_it(double perDay, double now) =>
        Assert.Equal(0, Of(Rising(perDay, now, 168)).DaysToTimeout);

    /// <summary>At nine tenths of the timeout it counts as reached.</summary>
    [Theory]
    [InlineData(4500, 0d)]
    [InlineData(4499, null)]
    public void A_last_day_close_to_the_timeout_has_reached_it(double lastDay, double? days)
    {
        List<HourPoint> hours = Points([.. Level(6000, 140), .. Level(lastDay, 24)]);

        Assert.Equal(days, Forecast.Of(hours, _timeout)!.DaysToTimeout);
        Assert.Equal(days is not null, Forecast.MayTrigger(hours, _timeout));
    }

    [Theory]
    [InlineData(10, true)]
    [InlineData(0, false)]
    [InlineData(-10, false)]
    public void Far_from_the_timeout_only_a_growing_p95_may_trigger(double perDay, bool may) =>
        Assert.Equal(may, Forecast.MayTrigger(Points(Rising(perDay, 1000, 168)), _timeout));

    /// <summary>A day of many pooled hours has only one or two values of its own.</summary>
    [Theory]
    [InlineData(11, true)]
    [InlineData(12, false)]
    public void From_twelve_pooled_hours_on_it_must_grow_for_a_fourth_day(int pooled, bool grows)
    {
        List<HourPoint> hours = Points([.. Level(1000, 96), .. Rising(300, 1900, 72)]);
        var point = hours[^1];
        hours[^1] = new HourPoint { Start = point.Start, P95 = point.P95, Hours = pooled };

        Assert.Equal(grows, Forecast.Of(hours, _timeout)!.DaysToTimeout is not null);
    }

    [Fact]
    public void Only_the_last_week_counts() => Assert.Equal(0, Of([.. Rising(800, 4800, 100), .. Level(1000, 168)]).MsPerDay);

    [Fact]
    public void Hours_without_a_p95_do_not_count()
    {
        double?[] few = [2000, .. Enumerable.Repeat((double?)null, 60), .. Rising(300, 2800, 46), null];
        Assert.Null(Forecast.Of(Points(few), _timeout));
        Assert.NotNull(Forecast.Of(Points([.. few, 2800]), _timeout));
        Assert.Null(Forecast.Of([], _timeout));
    }

    [Theory]
    [InlineData(95, "")]
    [InlineData(96, "+timeout-forecast@96h")]
    public void A_forecast_needs_four_days(int hours, string said) => Assert.Equal(said, Forecasts(Rising(500, 4000, hours)));

    [Theory]
    [InlineData(300, 7.2, "")]
    [InlineData(300, 6.8, "+timeout-forecast@96h")]
    [InlineData(500, 7.2, "")]
    [InlineData(500, 6.8, "+timeout-forecast@96h")]
    public void The_rule_triggers_if_the_timeout_is_at_most_7_days_away(double perDay, double days, string said) =>
        Assert.Equal(said, Forecasts(Rising(perDay, 5000 - (days * perDay), 96)));

    [Fact]
    public void The_rule_triggers_once_on_the_way_to_the_timeout()
    {
        // 1 % of the values is one day either way.
        var hour = Assert.Single(Hours(Forecasts(Rising(250, 4900, 24 * 18)), '+'));

        Assert.InRange(hour, (24 * 18) - ((7 * 24) - 9.6) - 24, (24 * 18) - ((7 * 24) - 9.6) + 24);
    }

    [Fact]
    public void The_rule_resolves_when_the_growth_stops()
    {
        var said = Forecasts([.. Rising(500, 2500, 120), .. Level(2500, 200)]);

        Assert.InRange(Assert.Single(Hours(said, '-')), 120 + 24, 120 + (5 * 24));
    }

    [Fact]
    public void The_rule_resolves_a_day_after_the_repair() =>
        Assert.InRange(Assert.Single(Hours(Forecasts([.. Rising(800, 4000, 120), .. Level(200, 100)]), '-')), 120 + 23, 120 + 26);

    [Fact]
    public void A_p95_close_to_the_timeout_does_not_resolve()
    {
        var said = Forecasts([.. Rising(500, 4990, 168), .. Level(4990, 300)]);

        Assert.Single(Hours(said, '+'));
        Assert.Empty(Hours(said, '-'));
    }

    /// <summary>As after a release that made everything slower: the line has a slope for days.</summary>
    [Theory]
    [InlineData(1800, 3600)]
    [InlineData(3600, 1800)]
    [InlineData(500, 4400)]
    public void A_single_step_triggers_nothing(double before, double after) =>
        Assert.Equal("", Forecasts([.. Level(before, 300), .. Level(after, 300)]));

    [Fact]
    public void Two_steps_trigger_nothing() => Assert.Equal("", Forecasts([.. Level(1000, 200), .. Level(2000, 30), .. Level(3000, 300)]));

    [Fact]
    public void Slower_nights_trigger_nothing_in_the_first_week()
    {
        for (var begins = 0; begins < 24; begins += 3)
        {
            Assert.Equal(
                "", Forecasts([.. Enumerable.Range(begins, 200).Select(hour => (double?)(hour % 24 < 6 ? 500 * (hour % 24) : 300))]));
        }
    }

    [Fact]
    public void A_run_that_timed_out_counts_with_the_timeout()
    {
        // Every tenth run ends by the timeout; the others are as fast as before.
        var records = Enumerable.Range(0, 7 * 24 * 60)
            .Select(minute => Story.Run(Story.Noon.AddMinutes(minute), '.')).Select((run, minute) =>
            minute % 10 == 0 ? run with { Checks = [run.Checks[0] with { Ok = false, Ms = 5000, Reason = Reason.Timeout }] } : run);

        Assert.Contains("+timeout-forecast", new Story().Tell(records), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Noise_triggers_nothing_and_does_not_hide_growth(int seed)
    {
        var random = new Random(seed);
        double?[] Noisy(double?[] hours) => [.. hours.Select(ms => ms * Math.Exp((random.NextDouble() - 0.5) * 0.8))];

        Assert.Equal("", Forecasts(Noisy(Level(1000, 400))));
        Assert.NotEmpty(Hours(Forecasts(Noisy(Rising(300, 4400, 240))), '+'));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Outliers_up_to_a_third_trigger_nothing_and_do_not_hide_growth(int seed)
    {
        var random = new Random(seed);
        double?[] Spiky(double?[] hours) => [.. hours.Select(ms => random.Next(3) == 0 ? 4900 : ms)];

        Assert.Equal("", Forecasts(Spiky(Level(100, 400))));
        Assert.NotEmpty(Hours(Forecasts(Spiky(Rising(300, 3500, 200))), '+'));
    }

    [Theory]
    [InlineData(0, 24)]
    [InlineData(6, 24)]
    [InlineData(12, 24)]
    [InlineData(18, 24)]
    [InlineData(0, 168)]
    public void Equal_days_trigger_nothing(int begins, int busyHours)
    {
        // Three times as slow by day as by night, with a peak at noon, or at the weekend.
        var cycle = Enumerable.Range(begins, 24 * 21)
            .Select(hour => (double?)(400 + (200 * Math.Cos((hour - 12) * 2 * Math.PI / busyHours))));

        Assert.Equal("", Forecasts([.. cycle]));
    }

    [Fact]
    public void The_configured_timeout_counts()
    {
        Assert.False(Forecast.Of(Points(Rising(10, 100, 96)), _timeout)!.Triggers);
        Assert.True(Forecast.Of(Points(Rising(10, 100, 96)), TimeSpan.FromSeconds(0.15))!.Triggers);
    }

    /// <summary>Hours that end with this value.</summary>
    private static double?[] Rising(double perDay, double now, int hours) =>
        [.. Enumerable.Range(1 - hours, hours).Select(hour => (double?)Math.Max(0.01, now + (perDay * hour / 24)))];

    private static double?[] Level(double ms, int hours) => Rising(0, ms, hours);

    private static List<HourPoint> Points(double?[] hours) =>
        [.. hours.Select((ms, hour) => new HourPoint { Start = Story.Noon.AddHours(hour), P95 = ms })];

    private static Forecast Of(double?[] hours) => Assert.IsType<Forecast>(Forecast.Of(Points(hours), _timeout));

    /// <summary>The answers of the rule: <c>+96h</c> for triggered after 96 hours, <c>-120h</c> for resolved.</summary>
    private static string Forecasts(double?[] hours)
    {
        var points = Points(hours);
        var (said, isOpen) = (new List<string>(), false);
        for (var count = 1; count <= points.Count; count++)
        {
            if (Forecast.Of(points[Math.Max(0, count - 192)..count], _timeout) is { } forecast
                && (isOpen ? forecast.Resolves && !forecast.Triggers : forecast.Triggers))
            {
                said.Add($"{(isOpen ? '-' : '+')}timeout-forecast@{count}h");
                isOpen = !isOpen;
            }
        }

        return string.Join(' ', said);
    }

    private static IEnumerable<int> Hours(string said, char sign) =>
        said.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(change => change[0] == sign)
            .Select(change => int.Parse(change.Split('@')[1].TrimEnd('h'), null));
}
