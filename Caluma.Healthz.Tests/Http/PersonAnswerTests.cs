using System.Text;
using Caluma.Healthz.Http;
using Caluma.Healthz.Tests.History;
using Caluma.Healthz.Tests.Trends;

namespace Caluma.Healthz.Tests.Http;

/// <summary>Errors for people and programs: the same status with a page or JSON.</summary>
public sealed class PersonAnswerTests
{
    private const string Browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

    private static readonly DateTimeOffset _now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("/healthz/dashboard", "?days=2", 400, "days must be 1, 7, 30 or 90")]
    [InlineData("/healthz/trend", "?days=0", 400, "days must be a whole number from 1 to 400")]
    [InlineData("/healthz/history", "?format=xml", 400, "format must be jsonl or csv")]
    [InlineData("/healthz/incidents", "?id=", 400, "id must be that of an incident, as in the links of the dashboard")]
    [InlineData("/healthz/incidents", "?id=none", 404, "No incident has this id; the newest ones are listed at /healthz/incidents")]
    [InlineData("/healthz", "?check=none", 404, "No checks found")]
    public async Task A_program_gets_JSON_and_a_person_a_page_of_the_same_status(string path, string query, int status, string message)
    {
        await using var history = WrittenHistory.Create(_now);

        var program = await history.AnswerAsync(new HealthzRequest("GET", path, query, "*/*"));
        var person = await history.AnswerAsync(new HealthzRequest("GET", path, query + "&code=k", Browser));

        Assert.Equal((status, status), (program.StatusCode, person.StatusCode));
        Assert.Equal($$"""{"error":{{status}},"message":"{{message}}"}""", Read(program));
        AssertIsPage(person);
        Assert.Contains($"<p>{message}.</p>", Read(person), StringComparison.Ordinal);
        Assert.Matches("<a href=\"[a-z/]*\\?code=k\">dashboard</a>", Read(person));
        Assert.All([program, person], answer => Assert.Contains(new KeyValuePair<string, string>("Vary", "Accept"), answer.Headers));
    }

    [Theory]
    [InlineData("/healthz/dashboard", "", true)]
    [InlineData("/healthz/incidents", "", true)]
    [InlineData("/healthz/dashboard", "?refresh=off", false)]
    public async Task While_the_storage_is_down_a_wall_screen_tries_again_each_minute(string path, string query, bool refreshes)
    {
        await using var history = WrittenHistory.Create(_now);
        ((MemoryHistoryStorage)history.Storage).Fault = _ => StorageFault.Refuse(503, "ServerBusy");

        var person = await history.AnswerAsync(new HealthzRequest("GET", path, query, Browser));

        Assert.Equal(503, person.StatusCode);
        AssertIsPage(person);
        Assert.Contains("<p>The history cannot be read (busy).</p>", Read(person), StringComparison.Ordinal);
        Assert.Equal(refreshes, person.Headers.Contains(new("Refresh", "60")));
    }

    [Theory]
    [InlineData("/healthz/nope")]
    [InlineData("/elsewhere")]
    public async Task A_program_gets_an_empty_answer_if_there_is_nothing(string path)
    {
        await using var history = WrittenHistory.Create(_now);

        var program = await history.AnswerAsync(new HealthzRequest("GET", path, ""));
        var person = await history.AnswerAsync(new HealthzRequest("GET", path, "", Browser));

        Assert.Equal((404, 0, 404), (program.StatusCode, program.Body.Length, person.StatusCode));
        AssertIsPage(person);
    }

    [Fact]
    public async Task With_the_endpoint_off_people_and_programs_get_an_empty_404()
    {
        await using var history = WrittenHistory.Create(_now, "ENABLE_HEALTHZ_ENDPOINT=false");
        foreach (var path in new[] { "/healthz/dashboard", "/healthz/nope", "/healthz" })
        {
            var person = await history.AnswerAsync(new HealthzRequest("GET", path, "", Browser));

            Assert.Equal((404, 0), (person.StatusCode, person.Body.Length));
        }
    }

    private static void AssertIsPage(HealthzResponse answer)
    {
        Assert.Equal("text/html; charset=utf-8", answer.ContentType);
        Assert.StartsWith("<!DOCTYPE html>", Read(answer), StringComparison.Ordinal);
        Assert.Contains(answer.Headers, header => header.Key == "Content-Security-Policy");
        Assert.Contains(new KeyValuePair<string, string>("Referrer-Policy", "no-referrer"), answer.Headers);
        Assert.Contains(new KeyValuePair<string, string>("Cache-Control", "no-store"), answer.Headers);
    }

    private static string Read(HealthzResponse answer) => Encoding.UTF8.GetString(answer.Body.Span);
}
