using System.Text;
using Caluma.Healthz.History;
using Caluma.Healthz.Http;
using Caluma.Healthz.Tests.History;
using Caluma.Healthz.Tests.Trends;

namespace Caluma.Healthz.Tests.Http;

/// <summary>Filters of the history, and answers when a log cannot be read.</summary>
public sealed class HistoryFilterTests
{
    private static readonly DateTimeOffset _start = new(2026, 11, 20, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("", "databases/a databases/b caches/a", 10)]
    [InlineData("&check=databases", "databases/a databases/b", 10)]
    [InlineData("&check=database_models", "", 0)]
    [InlineData("&check=databases&check=watchman.checks.caches", "databases/a databases/b caches/a", 10)]
    [InlineData("&target=a", "databases/a caches/a", 10)]
    [InlineData("&target=b&target=c", "databases/b", 10)]
    [InlineData("&check=caches&target=a", "caches/a", 10)]
    [InlineData("&check=caches&target=b", "", 0)]
    [InlineData("&only=failing", "databases/a databases/b caches/a", 2)]
    [InlineData("&only=failing&check=databases", "", 0)]
    [InlineData("&only=failing&check=caches", "caches/a", 2)]
    public async Task A_filtered_run_has_the_wanted_results_and_their_verdict(string filter, string names, int count)
    {
        await using var history = await CreateAsync(minutes: 10);

        var answer = await history.AnswerAsync("/healthz/history", $"?from=2026-11-20{filter}");
        var records = Records(answer);

        Assert.Equal((200, count), (answer.StatusCode, records.Count));
        Assert.All(
            records,
            record => Assert.Equal(names, string.Join(' ', record.Checks.Select(check => $"{check.Check.Key()}/{check.Target}"))));
        Assert.All(records, record => Assert.Equal(record.Checks.All(check => check.Ok), record.Ok));
    }

    [Theory]
    [InlineData("?check=nope", "check must be media-storage-service, caches, database-migrations, databases or database-models")]
    [InlineData("?check=", "check must be media-storage-service, caches, database-migrations, databases or database-models")]
    [InlineData(
        "?check=caches&check=nope", "check must be media-storage-service, caches, database-migrations, databases or database-models")]
    [InlineData("?target=", "target must be the alias of a target, such as default")]
    [InlineData("?only=passing", "only must be failing, or not be given")]
    public async Task An_invalid_filter_is_refused(string query, string message)
    {
        await using var history = await CreateAsync(minutes: 1);

        var answer = await history.AnswerAsync("/healthz/history", query);

        Assert.Equal((400, $$"""{"error":400,"message":"{{message}}"}"""), (answer.StatusCode, Encoding.UTF8.GetString(answer.Body.Span)));
    }

    [Fact]
    public void The_next_page_has_the_same_filter()
    {
        var query = HistoryQuery.Parse("?from=2026-11-20&to=2026-11-21&check=caches&target=a%20%26b&target=c&only=failing", _start, out _)!;

        var next = query.Following(new LogPosition(new DateOnly(2026, 11, 20), 0, 5));

        Assert.Equal(
            "?from=2026-11-20T00:00:00Z&to=2026-11-21T00:00:00Z&format=jsonl&check=caches&target=a%20%26b&target=c&only=failing"
                + "&cursor=2026-11-20.0.5",
            next);
        Assert.Equal(next, HistoryQuery.Parse(next, _start, out _)!.Following(new LogPosition(new DateOnly(2026, 11, 20), 0, 5)));
    }

    [Fact]
    public async Task The_pages_of_a_filter_are_the_whole_answer()
    {
        const int Days = 4;
        await using var history = WrittenHistory.Create(_start.AddDays(Days));
        CheckRecord[] checks =
        [
            .. Enumerable.Range(0, 140).Select(target => new CheckRecord(Check.Databases, $"database-{target:000}", Ok: true, 1)),
        ];
        await history.AppendAsync(history.Run(_start, _start.AddDays(Days), _ => checks));
        var (query, pages, runs) = ((string?)$"?from=2026-11-20&to=2026-11-24&target=database-007", 0, new List<RunRecord>());
        for (; query is not null; pages++)
        {
            var answer = await history.AnswerAsync("/healthz/history", query);
            runs.AddRange(Records(answer));
            query = answer.Headers.SingleOrDefault(header => header.Key == "Link").Value?.Split('>')[0]["</healthz/history".Length..];
        }

        Assert.InRange(pages, 2, 4);
        Assert.Equal(
            history.Run(_start, _start.AddDays(Days), _ => checks).Select(record => record.Tick), runs.Select(record => record.Tick));
        Assert.All(runs, record => Assert.Equal("database-007", Assert.Single(record.Checks).Target));
    }

    [Theory]
    [InlineData(403, "AuthorizationFailure")]
    [InlineData(409, "BlobArchived")]
    public async Task A_refused_day_is_reported_and_does_not_hide_others(int status, string code)
    {
        await using var history = await CreateAsync(minutes: 3 * 24 * 60);
        ((MemoryHistoryStorage)history.Storage).Fault = request =>
            request is { Method: "GET", Blob: "records/2026/11/21.jsonl" } ? StorageFault.Refuse(status, code) : null;

        var answer = await history.AnswerAsync("/healthz/history", "?from=2026-11-20&to=2026-11-23&check=caches");

        Assert.Equal((200, 2 * 1440), (answer.StatusCode, Records(answer).Count));
        Assert.Contains(new KeyValuePair<string, string>("Healthz-Unreadable-Days", "2026-11-21"), answer.Headers);
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(100_000)]
    public async Task A_log_that_breaks_off_is_read_in_part_and_does_not_hide_others(int bytes)
    {
        await using var history = await CreateAsync(minutes: 2 * 24 * 60);
        ((MemoryHistoryStorage)history.Storage).Fault = request =>
            request is { Method: "GET", Blob: "records/2026/11/20.jsonl" } ? StorageFault.CutAnswerAfter(bytes) : null;

        var answer = await history.AnswerAsync("/healthz/history", "?from=2026-11-20&to=2026-11-22");
        var ticks = Records(answer).ConvertAll(record => record.Tick);

        Assert.Equal(200, answer.StatusCode);
        Assert.Equal(bytes == 100_000, ticks.Count(tick => tick < _start.AddDays(1)) > 100);
        Assert.Equal(1440, ticks.Count(tick => tick >= _start.AddDays(1)));
        Assert.Contains(new KeyValuePair<string, string>("Healthz-Unreadable-Days", "2026-11-20"), answer.Headers);
        Assert.Contains(
            history.Warnings(),
            warning => warning.StartsWith("HealthzHistoryUnreadable reason=", StringComparison.Ordinal)
                && warning.EndsWith(" blob=records/2026/11/20.jsonl", StringComparison.Ordinal));
    }

    [Fact]
    public async Task If_all_days_are_refused_there_is_no_answer()
    {
        await using var history = await CreateAsync(minutes: 3);
        ((MemoryHistoryStorage)history.Storage).Fault = request =>
            request.Blob.StartsWith("records/", StringComparison.Ordinal) ? StorageFault.Refuse(403, "AuthorizationFailure") : null;

        Assert.Equal(503, (await history.AnswerAsync("/healthz/history", "?from=2026-11-20")).StatusCode);
    }

    private static async Task<WrittenHistory> CreateAsync(int minutes)
    {
        var history = WrittenHistory.Create(_start.AddMinutes(minutes));
        await history.AppendAsync(history.Run(_start, _start.AddMinutes(minutes), tick =>
        [
            new CheckRecord(Check.Databases, "a", Ok: true, 1),
            new CheckRecord(Check.Databases, "b", Ok: true, 1),
            tick.Minute % 5 == 1
                ? new CheckRecord(Check.Caches, "a", Ok: false, 5, Reason.Auth)
                : new CheckRecord(Check.Caches, "a", Ok: true, 1),
        ]));
        return history;
    }

    private static List<RunRecord> Records(HealthzResponse answer) =>
    [
        .. Encoding.UTF8.GetString(answer.Body.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => RecordLine.Read(Encoding.UTF8.GetBytes(line), out _)!),
    ];
}
