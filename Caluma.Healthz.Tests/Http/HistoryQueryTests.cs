using Caluma.Healthz.History;
using Caluma.Healthz.Http;

namespace Caluma.Healthz.Tests.Http;

public sealed class HistoryQueryTests
{
    private const string NoTime = "must be a UTC time such as 2026-11-22T12:00:00Z, a day such as 2026-11-22, or how long ago such as 2h";

    private static readonly DateTimeOffset _now = new(2026, 11, 22, 12, 34, 56, TimeSpan.Zero);

    [Theory]
    [InlineData("", "2026-11-21T12:34:56Z", "2026-11-22T12:34:56Z")]
    [InlineData("?from=2026-11-22", "2026-11-22T00:00:00Z", "2026-11-22T12:34:56Z")]
    [InlineData("?to=2026-11-20", "2026-11-19T00:00:00Z", "2026-11-20T00:00:00Z")]
    [InlineData("?from=2026-11-01&to=2026-12-02", "2026-11-01T00:00:00Z", "2026-12-02T00:00:00Z")]
    [InlineData("?from=2026-11-22T10:00Z&to=2026-11-22T11:30Z", "2026-11-22T10:00:00Z", "2026-11-22T11:30:00Z")]
    [InlineData("?from=2026-11-22T10:00:00.25Z", "2026-11-22T10:00:00.25Z", "2026-11-22T12:34:56Z")]
    [InlineData("?from=2026-11-22T10:00:00", "2026-11-22T10:00:00Z", "2026-11-22T12:34:56Z")]
    [InlineData("?from=2026-11-22T10:00:00-05:00&to=2026-11-22T23:00:00-05:00", "2026-11-22T15:00:00Z", "2026-11-23T04:00:00Z")]
    [InlineData("?from=2026-11-22T10:00:00%2B01:00", "2026-11-22T09:00:00Z", "2026-11-22T12:34:56Z")]
    [InlineData("?from=2026-11-22T10:00:00+01:00", "2026-11-22T09:00:00Z", "2026-11-22T12:34:56Z")]
    [InlineData("?from=2026-11-22T10:00:00%2001:00", "2026-11-22T09:00:00Z", "2026-11-22T12:34:56Z")]
    [InlineData("?from=90m", "2026-11-22T11:04:56Z", "2026-11-22T12:34:56Z")]
    [InlineData("?from=3d&to=2h", "2026-11-19T12:34:56Z", "2026-11-22T10:34:56Z")]
    [InlineData("?FROM=2026-11-22&To=2026-11-23&code=key&check=caches", "2026-11-22T00:00:00Z", "2026-11-23T00:00:00Z")]
    [InlineData("?to=9999-12-31", "9999-12-30T00:00:00Z", "9999-12-31T00:00:00Z")]
    [InlineData("?from=0001-01-01&to=0001-01-02", "0001-01-01T00:00:00Z", "0001-01-02T00:00:00Z")]
    [InlineData("?to=0001-01-01T06:00Z", "0001-01-01T00:00:00Z", "0001-01-01T06:00:00Z")]
    public void A_time_is_read_in_all_its_forms(string query, string from, string to)
    {
        var parsed = HistoryQuery.Parse(query, _now, out var problem);

        Assert.Equal("", problem);
        Assert.Equal((from, to), (UtcJsonConverter.Format(parsed!.From), UtcJsonConverter.Format(parsed.To)));
        Assert.Equal((TimeSpan.Zero, TimeSpan.Zero), (parsed.From.Offset, parsed.To.Offset));
    }

    [Theory]
    [InlineData("?from=2026-11-20&to=2026-11-22", "2026-11-20", "2026-11-21")]
    [InlineData("?from=2026-11-20&to=2026-11-22T00:00:01Z", "2026-11-20", "2026-11-22")]
    [InlineData("?from=2026-11-20T23:59:59Z&to=2026-11-21", "2026-11-20", "2026-11-20")]
    [InlineData("?from=2026-11-21T00:30:00+01:00&to=2026-11-21T01:00:00+01:00", "2026-11-20", "2026-11-20")]
    public void Only_days_within_the_period_are_read(string query, string first, string last)
    {
        var parsed = HistoryQuery.Parse(query, _now, out _);

        Assert.Equal((first, last), ($"{parsed!.FirstDay:yyyy-MM-dd}", $"{parsed.LastDay:yyyy-MM-dd}"));
    }

    [Theory]
    [InlineData("", "jsonl")]
    [InlineData("?format=jsonl", "jsonl")]
    [InlineData("?format=csv", "csv")]
    public void There_are_two_formats(string query, string format) =>
        Assert.Equal(format, $"{HistoryQuery.Parse(query, _now, out _)!.Format}");

    [Theory]
    [InlineData("?format=xml", "format must be jsonl or csv")]
    [InlineData("?format=CSV", "format must be jsonl or csv")]
    [InlineData("?format=", "format must be jsonl or csv")]
    [InlineData("?format=csv&format=jsonl", "format must be jsonl or csv")]
    [InlineData("?from=nonsense", $"from {NoTime}")]
    [InlineData("?from=", $"from {NoTime}")]
    [InlineData("?from=2026-11-31", $"from {NoTime}")]
    [InlineData("?from=22.11.2026", $"from {NoTime}")]
    [InlineData("?from=1763812800", $"from {NoTime}")]
    [InlineData("?from=2026-11-22%2012:00", $"from {NoTime}")]
    [InlineData("?from=2026-11-20&from=2026-11-21", $"from {NoTime}")]
    [InlineData("?from=0001-01-01T00:00:00%2B01:00&to=0001-01-02", $"from {NoTime}")]
    [InlineData("?to=yesterday", $"to {NoTime}")]
    [InlineData("?to=2026-11-22T12:00:00%2B99:00", $"to {NoTime}")]
    [InlineData("?from=nonsense&to=nonsense", $"to {NoTime}")]
    [InlineData("?from=2026-11-22&to=2026-11-21", "from must be earlier than to")]
    [InlineData("?from=2026-11-22&to=2026-11-22", "from must be earlier than to")]
    [InlineData("?from=2026-11-22T13:00:00%2B01:00&to=2026-11-22T12:00:00Z", "from must be earlier than to")]
    [InlineData("?from=2027-01-01", "from must be earlier than to")]
    [InlineData("?to=0001-01-01", "from must be earlier than to")]
    [InlineData("?from=2026-10-22", "from and to must be at most 31 days apart")]
    [InlineData("?from=2026-11-01&to=2026-12-02T00:00:00.0000001Z", "from and to must be at most 31 days apart")]
    [InlineData("?from=0001-01-01", "from and to must be at most 31 days apart")]
    public void A_problem_is_explained(string query, string expected)
    {
        Assert.Null(HistoryQuery.Parse(query, _now, out var problem));
        Assert.Equal(expected, problem);
    }
}
