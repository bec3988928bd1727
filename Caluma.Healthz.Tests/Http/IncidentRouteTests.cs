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
    public async Task The_page_has_the_failures_of_its_incident_and_not_those_of_the_next_one()
    {
        await using var history = await CreateAsync(
            at => at.Hour == 10 && at.Minute < 20 ? Reason.Timeout : at.Hour == 15 ? Reason.Auth : null);

        var page = Read(await history.AnswerAsync("/healthz/incidents", $"?id={Id}"));

        Assert.Contains("timeout ×20, ", page, StringComparison.Ordinal);
        Assert.DoesNotContain("auth ×", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_of_a_long_incident_has_the_failures_of_its_first_day()
    {
        await using var history = await CreateAsync(at => at >= _start.AddHours(10) ? Reason.Timeout : null, hours: 40);

        var page = Read(await history.AnswerAsync("/healthz/incidents", $"?id={Id}"));

        Assert.Contains("timeout ×1440, ", page, StringComparison.Ordinal);
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

    private static Task<WrittenHistory> CreateAsync() =>
        CreateAsync(at => at.Hour == 10 && at.Minute < 20 ? Reason.Timeout : null);

    private static async Task<WrittenHistory> CreateAsync(Func<DateTimeOffset, Reason?> failure, int hours = 20)
    {
        var history = WrittenHistory.Create(_start.AddHours(hours));
        await history.WriteAsync(history.Run(_start, _start.AddHours(hours), tick =>
            [new CheckRecord(Check.Databases, "default", failure(tick) is null, Ms: 1, failure(tick))]));
        return history;
    }

    private static string Read(HealthzResponse answer) => Encoding.UTF8.GetString(answer.Body.Span);
}
