using System.Text;
using Caluma.Healthz.History;
using Caluma.Healthz.Http;
using Caluma.Healthz.Tests.Trends;

namespace Caluma.Healthz.Tests.Http;

/// <summary><c>/healthz/incidents</c> on a recorded history.</summary>
public sealed class IncidentRouteTests
{
    private const string Id = "database-default-20261120T100000Z";

    private static readonly DateTimeOffset _start = new(2026, 11, 20, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task The_list_and_the_page_show_the_recorded_incidents()
    {
        await using var history = await CreateAsync();

        var list = await history.AnswerAsync("/healthz/incidents");
        var page = await history.AnswerAsync("/healthz/incidents", $"?id={Id}");

        Assert.Equal((200, 200), (list.StatusCode, page.StatusCode));
        Assert.Contains($"<a href=\"?id={Id}\">", Read(list), StringComparison.Ordinal);
        Assert.Contains("<title>Resolved: databases · ", Read(page), StringComparison.Ordinal);
        Assert.Contains("no answer in time: timeout ×20, ", Read(page), StringComparison.Ordinal);
        Assert.Contains(new KeyValuePair<string, string>("Refresh", "60"), page.Headers);
    }

    [Fact]
    public async Task If_the_log_of_its_day_is_archived_the_page_says_so_and_shows_the_rest()
    {
        await using var history = await CreateAsync();
        await history.ArchiveAsync("records/2026/11/20.jsonl");

        var page = await history.Again().AnswerAsync("/healthz/incidents", $"?id={Id}");
        var day = await history.Again().AnswerAsync("/healthz/dashboard", "?check=databases&target=default&day=2026-11-20");

        Assert.Equal((200, 200), (page.StatusCode, day.StatusCode));
        Assert.All([page, day], answer => Assert.Contains("The runs of this time cannot be read.", Read(answer), StringComparison.Ordinal));
        Assert.Contains("Incident resolved", Read(page), StringComparison.Ordinal);
    }

    private static async Task<WrittenHistory> CreateAsync()
    {
        var history = WrittenHistory.Create(_start.AddHours(20));
        var failing = _start.AddHours(10);
        await history.WriteAsync(history.Run(_start, _start.AddHours(20), tick =>
        [
            tick >= failing && tick < failing.AddMinutes(20)
                ? new CheckRecord(Check.Databases, "default", Ok: false, 5000, Reason.Timeout)
                : new CheckRecord(Check.Databases, "default", Ok: true, 1),
        ]));
        return history;
    }

    private static string Read(HealthzResponse answer) => Encoding.UTF8.GetString(answer.Body.Span);
}
