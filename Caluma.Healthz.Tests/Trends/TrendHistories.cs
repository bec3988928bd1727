using Caluma.Healthz.History;

namespace Caluma.Healthz.Tests.Trends;

/// <summary>Histories for tests of trends.</summary>
internal static class TrendHistories
{
    /// <summary>The first run.</summary>
    public static readonly DateTimeOffset Start = new(2026, 10, 20, 7, 12, 30, TimeSpan.Zero);

    /// <summary>A history of a run every 5 min, up to now.</summary>
    public static async Task<WrittenHistory> MonthAsync(int days)
    {
        var end = Start.AddDays(days);
        var history = WrittenHistory.Create(end, "Healthz__Schedule=0 */5 * * * *");
        await history.WriteAsync(history.Run(Start, end, tick => [Passed("default", 4 + (tick.Hour / 10.0)), Passed("other")]));
        return history;
    }

    public static CheckRecord Passed(string target, double ms = 5) => new(Check.Databases, target, Ok: true, Math.Round(ms, 2));

    public static CheckRecord Failed(string target) => new(Check.Databases, target, Ok: false, 5000, Reason.Timeout);
}
