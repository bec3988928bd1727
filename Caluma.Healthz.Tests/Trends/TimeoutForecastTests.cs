using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Tests.Trends;

/// <summary>Where the line through the p95 of the last week reaches the timeout, which is 5 s here.</summary>
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
    public void What_does_not_grow_never_reaches_it(double perDay, double now) => Assert.Null(Of(Rising(perDay, now, 168)).DaysToTimeout);

    [Theory]
    [InlineData(0, 5000)]
    [InlineData(-300, 5001)]
    public void What_has_reached_it_has(double perDay, double now) => Assert.Equal(0, Of(Rising(perDay, now, 168)).DaysToTimeout);

    [Fact]
    public void Only_the_last_week_counts() => Assert.Equal(0, Of([.. Rising(800, 4800, 100), .. Level(1000, 168)]).MsPerDay);

    [Fact]
    public void Hours_without_a_p95_do_not_count()
    {
        Assert.Null(Forecast.Of(Points([.. Rising(300, 2800, 47), null]), _timeout));
        Assert.NotNull(Forecast.Of(Points([.. Rising(300, 2800, 47), null, null, 2800]), _timeout));
        Assert.Null(Forecast.Of([], _timeout));
    }

    [Theory]
    [InlineData(47, "")]
    [InlineData(48, "+timeout-forecast@48h")]
    public void Two_days_at_the_least_are_needed(int hours, string said) => Assert.Equal(said, Forecasts(Rising(1000, 4000, hours)));

    [Theory]
    [InlineData(300, 7.2, "")]
    [InlineData(300, 6.8, "+timeout-forecast@48h")]
    [InlineData(500, 7.2, "")]
    [InlineData(500, 6.8, "+timeout-forecast@48h")]
    public void It_fires_where_the_timeout_is_at_most_7_days_away(double perDay, double days, string said) =>
        Assert.Equal(said, Forecasts(Rising(perDay, 5000 - (days * perDay), 48)));

    [Fact]
    public void It_fires_once_on_the_way_to_it()
    {
        // 1 % of the values is one day either way.
        var hour = Assert.Single(Hours(Forecasts(Rising(250, 4900, 24 * 18)), '+'));

        Assert.InRange(hour, (24 * 18) - ((7 * 24) - 9.6) - 24, (24 * 18) - ((7 * 24) - 9.6) + 24);
    }

    [Fact]
    public void It_ends_with_the_first_hour_from_which_it_is_more_than_9_days_away()
    {
        double?[] hours = [.. Rising(500, 1600, 48), .. Level(1600, 120)];

        // That what is in between, from 7 to 9 days, does not end it, is in the number of hours.
        var between = Enumerable.Range(48, 120).Count(hour => Days(hours[..hour]) is > 7 and <= 9);
        Assert.True(between > 3);
        var said = Forecasts(hours);
        Assert.Equal([48], Hours(said, '+'));
        Assert.InRange(Assert.Single(Hours(said, '-')), First(hours, 8.8), First(hours, 9.2));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Noise_is_no_trend_and_does_not_hide_one(int seed)
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
    public void A_third_of_outliers_is_no_trend_and_does_not_hide_one(int seed)
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
    public void A_day_that_is_like_the_day_before_is_no_trend(int begins, int busyHours)
    {
        // Three times as slow by day as by night, with a peak at noon, or at the weekend.
        var cycle = Enumerable.Range(begins, 24 * 21).Select(hour => (double?)(400 + (200 * Math.Cos((hour - 12) * 2 * Math.PI / busyHours))));

        Assert.Equal("", Forecasts([.. cycle]));
    }

    [Fact]
    public void It_is_the_configured_timeout_that_counts()
    {
        Assert.Equal("", new Story { Only = AlertRule.TimeoutForecast }.TellHours([.. Rising(10, 100, 48).Select(ms => ms!.Value)]));
        Assert.Equal(
            "+timeout-forecast@48h",
            new Story { Only = AlertRule.TimeoutForecast, Timeout = TimeSpan.FromSeconds(0.15) }.TellHours([.. Rising(10, 100, 48).Select(ms => ms!.Value)]));
    }

    /// <summary>So many hours that end with this value.</summary>
    private static double?[] Rising(double perDay, double now, int hours) =>
        [.. Enumerable.Range(1 - hours, hours).Select(hour => (double?)Math.Max(0.01, now + (perDay * hour / 24)))];

    private static double?[] Level(double ms, int hours) => Rising(0, ms, hours);

    private static List<HourPoint> Points(double?[] hours) =>
        [.. hours.Select((ms, hour) => new HourPoint { Start = Story.Noon.AddHours(hour), P95 = ms })];

    private static Forecast Of(double?[] hours) => Assert.IsType<Forecast>(Forecast.Of(Points(hours), _timeout));

    private static double Days(double?[] hours) => Of(hours).DaysToTimeout ?? double.PositiveInfinity;

    private static int First(double?[] hours, double days) => Enumerable.Range(48, hours.Length - 48).First(hour => Days(hours[..hour]) > days);

    private static string Forecasts(double?[] hours) => new Story { Only = AlertRule.TimeoutForecast }.TellHours([.. hours.Select(ms => ms!.Value)]);

    private static IEnumerable<int> Hours(string said, char sign) =>
        said.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(change => change[0] == sign).Select(change => int.Parse(change.Split('@')[1].TrimEnd('h'), null));
}
