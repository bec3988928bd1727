using Caluma.Healthz.History;

namespace Caluma.Healthz.Tests.History;

public sealed class HistoryNamesTests
{
    private static readonly DateOnly _last = new(2026, 11, 30);

    private readonly MemoryHistoryStorage _storage = new();

    [Theory]
    [InlineData("records/2026/11/22.jsonl", "2026-11-22")]
    [InlineData("records/2026/11/22.1.jsonl", "2026-11-22")]
    [InlineData("records/2026/11/22", "2026-11-22")]
    [InlineData("records/2026/11/2", null)]
    [InlineData("records/2026/11/31.jsonl", null)]
    [InlineData("records/", null)]
    [InlineData("", null)]
    public void The_day_of_a_log_is_in_its_name(string name, string? day) =>
        Assert.Equal(day is null ? null : DateOnly.Parse(day, null), HistoryNames.DayOf(name, HistoryNames.Records));

    [Theory]
    [InlineData("summaries/2026/11.json", "2026-11-01")]
    [InlineData("summaries/recent.json", null)]
    [InlineData("summaries/2026/13.json", null)]
    public void The_month_of_a_summary_is_in_its_name(string name, string? month) =>
        Assert.Equal(month is null ? null : DateOnly.Parse(month, null), HistoryNames.MonthOf(name));

    /// <remarks>A request for each month of a year would be slow, and one for a year lists more than a few days need.</remarks>
    [Theory]
    [InlineData(1, 1)]
    [InlineData(30, 1)]
    [InlineData(31, 2)]
    [InlineData(62, 3)]
    [InlineData(63, 1)]
    [InlineData(400, 2)]
    public async Task Days_are_listed_by_months_where_they_are_few_and_else_by_years(int count, int requests)
    {
        var first = _last.AddDays(1 - count);
        for (var day = first.AddDays(-1); day <= _last.AddDays(1); day = day.AddDays(1))
        {
            _storage.Put(HistoryNames.Log(day, part: 0), "");
        }

        _storage.Put("records/2026/11/nonsense", "");
        _storage.Clear();
        var found = await HistoryNames.DaysAsync(_storage, HistoryNames.Records, first, _last, TestContext.Current.CancellationToken)
            .ToListAsync(TestContext.Current.CancellationToken);

        Assert.Equal(requests, _storage.Requests.Count);
        Assert.Equal((count, first, _last), (found.Count, found.Min(item => item.Day), found.Max(item => item.Day)));
    }
}
