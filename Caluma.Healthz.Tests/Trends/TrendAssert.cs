using Caluma.Healthz.History;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Tests.Trends;

/// <summary>Compares trends.</summary>
internal static class TrendAssert
{
    /// <summary>Fails unless a report has the expected windows, days and hours.</summary>
    /// <param name="expected">The expectation.</param>
    /// <param name="report">The report.</param>
    /// <param name="days">The number of days in the report.</param>
    /// <param name="what">The case, for the message of the failure.</param>
    public static void Equal(BruteForce expected, TrendReport report, int days, string what)
    {
        Assert.Equal(expected.Series, report.Checks.Select(check => new Series(check.Check, check.Target)));
        foreach (var (series, check) in expected.Series.Zip(report.Checks))
        {
            Assert.Equal(
                expected.Windows(series).Zip(check.Windows, Near).Select(window => $"{what}, {series}: {window}"),
                check.Windows.Select(window => $"{what}, {series}: {window}"));
            Assert.Equal(
                Near(expected.Days(series, days), check.Days).Select(day => $"{what}, {series}: {day}"),
                check.Days.Select(day => $"{what}, {series}: {day}"));
            Assert.Equal(
                Near(expected.Hours(series), check.Hours).Select(hour => $"{what}, {series}: {hour}"),
                check.Hours.Select(hour => $"{what}, {series}: {hour}"));
        }
    }

    /// <summary>Compares with the expectation, with a tolerance for latencies.</summary>
    private static WindowTrend Near(WindowTrend expected, WindowTrend actual) => expected with
    {
        Availability = Near(expected.Availability, actual.Availability, 0.0001),
        BurnRate = Near(expected.BurnRate, actual.BurnRate, 0.0001),
        BudgetLeft = Near(expected.BudgetLeft, actual.BudgetLeft, 0.0001),
        P50 = NearQuantile(expected.P50, actual.P50),
        P95 = NearQuantile(expected.P95, actual.P95),
        P99 = NearQuantile(expected.P99, actual.P99),
    };

    private static IEnumerable<PeriodTrend> Near(IEnumerable<PeriodTrend> expected, IReadOnlyList<PeriodTrend> actual) =>
        expected.Select((period, index) => index >= actual.Count ? period : period with
        {
            P50 = NearQuantile(period.P50, actual[index].P50),
            P95 = NearQuantile(period.P95, actual[index].P95),
        });

    /// <summary>1 % of the histogram, and two decimals.</summary>
    private static double? NearQuantile(double? expected, double? actual) => Near(expected, actual, (expected * 0.01 ?? 0) + 0.005);

    private static double? Near(double? expected, double? actual, double tolerance) =>
        Math.Abs((expected - actual) ?? double.NaN) <= tolerance ? actual : expected;
}
