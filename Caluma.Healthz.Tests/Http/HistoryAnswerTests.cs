using System.Text;
using Caluma.Healthz.History;
using Caluma.Healthz.Tests.History;
using Caluma.Healthz.Tests.Trends;

namespace Caluma.Healthz.Tests.Http;

/// <summary>What the routes over the history answer where it cannot be read, and at the ends of the calendar.</summary>
public sealed class HistoryAnswerTests
{
    private const string Page = "/healthz/dashboard";
    private const string Day = "?check=databases&target=default&day=2026-11-20";

    private static readonly DateTimeOffset _start = new(2026, 11, 20, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [MemberData(nameof(HistoryHandlersTests.Routes), MemberType = typeof(HistoryHandlersTests))]
    public async Task A_storage_that_is_busy_is_answered_with_503_and_logged(string route)
    {
        await using var history = WrittenHistory.Create(_start);
        ((MemoryHistoryStorage)history.Storage).Fault = _ => StorageFault.Refuse(503, "ServerBusy");

        var answer = await history.AnswerAsync($"/{route}");

        Assert.Equal(
            (503, """{"error":503,"message":"The history cannot be read (busy)"}"""),
            (answer.StatusCode, Encoding.UTF8.GetString(answer.Body.Span)));
        Assert.Equal(["HealthzHistoryUnavailable reason=busy"], history.Warnings());
        Assert.Contains(history.Log.GetSnapshot(), record =>
            record.Message.StartsWith("HealthzException during=reading the history reason=busy ", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(HistoryHandlersTests.Routes), MemberType = typeof(HistoryHandlersTests))]
    public async Task A_caller_who_leaves_gets_no_answer_and_is_not_logged(string route)
    {
        await using var history = WrittenHistory.Create(_start);
        var never = new TaskCompletionSource();
        using var caller = new CancellationTokenSource();
        ((MemoryHistoryStorage)history.Storage).Fault = _ => StorageFault.Delay(never.Task);

        var answering = history.AnswerAsync($"/{route}", cancellationToken: caller.Token);
        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answering);
        Assert.Empty(history.Warnings());
    }

    [Fact]
    public async Task The_page_of_a_day_needs_its_log_alone()
    {
        await using var history = await CreateAsync();
        await history.ArchiveAsync("records/2026/11/21.jsonl");

        var day = await history.AnswerAsync(Page, Day);
        var next = await history.AnswerAsync(Page, Day.Replace("-20", "-21", StringComparison.Ordinal));

        const string NotReadable = "Not readable, and not counted: ";
        Assert.Equal((200, 200), (day.StatusCode, next.StatusCode));
        Assert.DoesNotContain(NotReadable, Encoding.UTF8.GetString(day.Body.Span), StringComparison.Ordinal);
        Assert.Contains(NotReadable, Encoding.UTF8.GetString(next.Body.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task There_is_no_page_of_a_day_while_the_storage_is_busy()
    {
        await using var history = await CreateAsync();
        ((MemoryHistoryStorage)history.Storage).Fault = request =>
            request.Blob.StartsWith("records/", StringComparison.Ordinal) ? StorageFault.Refuse(503, "ServerBusy") : null;

        Assert.Equal(503, (await history.AnswerAsync(Page, Day)).StatusCode);
    }

    [Theory]
    [InlineData("?check=databases&target=default", true)]
    [InlineData("?check=databases&target=default&refresh=off", false)]
    [InlineData(Day, false)]
    [InlineData("?check=databases&target=default&day=0001-01-02", false)]
    [InlineData("?check=databases&target=default&day=9999-12-30", false)]
    public async Task A_page_about_now_loads_itself_anew_each_minute(string query, bool refreshes)
    {
        await using var history = await CreateAsync();

        var answer = await history.AnswerAsync(Page, query);

        Assert.Equal(200, answer.StatusCode);
        Assert.Equal(refreshes, answer.Headers.Contains(new("Refresh", "60")));
    }

    [Theory]
    [InlineData("0001-01-01")]
    [InlineData("0001-01-02")]
    [InlineData("0001-01-01T00:00:00.0000001Z")]
    [InlineData("0001-01-01T14:00:00%2B14:00")]
    [InlineData("9999-12-30")]
    [InlineData("9999-12-31")]
    [InlineData("9999-12-31T23:59:59.9999999Z")]
    [InlineData("9999-12-31T09:59:59.9999999-14:00")]
    [InlineData("99999d")]
    [InlineData("0m")]
    public async Task The_ends_of_the_calendar_are_answered_or_refused(string time)
    {
        await using var history = await CreateAsync();
        string[] zones = ["", "&tz=%2B14:00", "&tz=-14:00", "&tz=Pacific/Kiritimati"];
        string[] cursors = ["", "&cursor=0001-01-01.0.0", $"&cursor=9999-12-31.{int.MaxValue}.{long.MaxValue}", $"&cursor={time}.1.1"];
        IEnumerable<(string Path, string Query)> requests =
        [
            .. zones.Select(zone => (Page, $"?check=databases&target=default&day={time}{zone}")),
            .. cursors.SelectMany(cursor => new[]
            {
                ("/healthz/history", $"?from={time}{cursor}"),
                ("/healthz/history", $"?to={time}{cursor}"),
                ("/healthz/history", $"?from={time}&to=9999-12-31T23:59:59.9999999Z{cursor}"),
                ("/healthz/history", $"?from=0001-01-01&to={time}{cursor}"),
            }),
        ];
        foreach (var (path, query) in requests)
        {
            var answer = await history.AnswerAsync(path, query);

            Assert.True(answer.StatusCode is 200 or 400, $"{path}{query} is answered with {answer.StatusCode}");
        }
    }

    private static async Task<WrittenHistory> CreateAsync()
    {
        var history = WrittenHistory.Create(_start.AddDays(2));
        await history.WriteAsync(
            history.Run(_start, _start.AddDays(2), _ => [new CheckRecord(Check.Databases, "default", Ok: true, 1)]));
        return history;
    }
}
