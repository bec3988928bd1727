using System.Text;
using Caluma.Healthz.History;
using Caluma.Healthz.Http;
using Caluma.Healthz.Tests.History;
using Caluma.Healthz.Tests.Trends;

namespace Caluma.Healthz.Tests.Http;

/// <summary>What the routes over the history answer where it can be read in part or not at all, and which pages load themselves anew.</summary>
public sealed class HistoryAnswerTests
{
    private const string Page = "/healthz/dashboard";
    private const string Day = "?check=databases&target=default&day=2026-11-20";
    private const string NotReadable = "Not readable, and not counted: ";

    private static readonly DateTimeOffset _start = new(2026, 11, 20, 0, 0, 0, TimeSpan.Zero);

    public static TheoryData<string> Routes =>
        [.. HealthzRoutes.All.Where(route => !route.Methods.Contains("HEAD")).Select(route => route.Path)];

    [Theory]
    [MemberData(nameof(Routes))]
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
    [MemberData(nameof(Routes))]
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
        var next = await history.AnswerAsync(Page, Day.Replace("20", "21", StringComparison.Ordinal));

        Assert.Equal((200, 200), (day.StatusCode, next.StatusCode));
        Assert.DoesNotContain(NotReadable, Encoding.UTF8.GetString(day.Body.Span), StringComparison.Ordinal);
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

    private static async Task<WrittenHistory> CreateAsync()
    {
        var history = WrittenHistory.Create(_start.AddDays(2));
        await history.WriteAsync(
            history.Run(_start, _start.AddDays(2), _ => [new CheckRecord(Check.Databases, "default", Ok: true, 1)]));
        return history;
    }
}
