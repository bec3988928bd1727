using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Caluma.Healthz.History;
using Caluma.Healthz.Tests.Trends;

namespace Caluma.Healthz.Tests.Http;

public sealed class TrendRouteTests
{
    private const string BadDays = """{"error":400,"message":"days must be a whole number from 1 to 400"}""";

    private static readonly DateTimeOffset _start = new(2026, 11, 20, 0, 0, 0, TimeSpan.Zero);

    private static readonly JsonSerializerOptions _readable =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <remarks>
    /// A change of this answer changes a contract, and goes into the CHANGELOG. Two and a half days in which a cache becomes slow, a
    /// database fails, is in maintenance and fails again, and five hours are missing.
    /// </remarks>
    [Fact]
    public async Task The_answer_is_the_approved_one()
    {
        var end = _start.AddHours(62).AddMinutes(35);
        await using var history = WrittenHistory.Create(
            end.AddSeconds(5),
            "Healthz__Schedule=0 */10 * * * *",
            "Healthz__Slo=99.9",
            "Healthz__Maintenance__0=2026-11-21T10:00:00Z/2026-11-21T12:00:00Z");
        await history.WriteAsync(history.Run(_start, end, tick => Found((tick - _start).TotalHours)));

        var answer = await history.AnswerAsync("/healthz/trend", "?days=2");

        Assert.Equal((200, "application/json"), (answer.StatusCode, answer.ContentType));
        Assert.Equal(
            await File.ReadAllTextAsync(Path.Combine(Repository.Root, "Caluma.Healthz.Tests", "Http", "trend.approved.json"),
                TestContext.Current.CancellationToken),
            JsonNode.Parse(answer.Body.Span)!.ToJsonString(_readable) + "\n");

        static CheckRecord[]? Found(double hours) => hours is > 40 and < 45 ? null :
        [
            new CheckRecord(Check.Caches, "default", Ok: true, hours < 61 ? 1 : 400),
            hours is > 20 and < 21 or >= 34 and < 36 or > 62
                ? new CheckRecord(Check.Databases, "default", Ok: false, 5000, Reason.Timeout)
                : new CheckRecord(Check.Databases, "default", Ok: true, 100 + (hours * 20)),
        ];
    }

    [Theory]
    [InlineData("", 30)]
    [InlineData("?days=1", 1)]
    [InlineData("?days=007", 7)]
    [InlineData("?days=31&code=key&nonsense", 31)]
    [InlineData("?days=400", 41)]
    public async Task The_report_has_the_wanted_days_that_exist(string query, int days)
    {
        await using var history = WrittenHistory.Create(_start.AddDays(40), "Healthz__Schedule=0 0 */12 * * *");
        await history.WriteAsync(
            history.Run(_start, _start.AddDays(40), _ => [new CheckRecord(Check.Databases, "default", Ok: true, 1)]), intoLog: false);

        var answer = await history.AnswerAsync("/healthz/trend/", query);

        Assert.Equal(days, JsonNode.Parse(answer.Body.Span)!["checks"]![0]!["days"]!.AsArray().Count);
    }

    [Theory]
    [InlineData("?days=0")]
    [InlineData("?days=401")]
    [InlineData("?days=-1")]
    [InlineData("?days=%2B7")]
    [InlineData("?days=7.5")]
    [InlineData("?days=x")]
    [InlineData("?days=")]
    [InlineData("?days=1&days=2")]
    [InlineData("?days=99999999999999999999")]
    public async Task An_invalid_number_of_days_is_refused_and_the_storage_not_asked(string query)
    {
        await using var history = WrittenHistory.Create(_start);

        var answer = await history.AnswerAsync("/healthz/trend", query);

        Assert.Equal(
            (400, "application/json", BadDays), (answer.StatusCode, answer.ContentType, Encoding.UTF8.GetString(answer.Body.Span)));
        Assert.Equal(0, history.Storage.Calls);
    }

    [Fact]
    public async Task Before_the_first_record_the_report_is_empty()
    {
        await using var history = WrittenHistory.Create(_start);

        var answer = await history.AnswerAsync("/healthz/trend");

        Assert.Equal(
            """{"now":"2026-11-20T00:00:00Z","stale":false,"schedule":"0 * * * * *","slo":99.5,"timeoutMs":5000"""
                + ""","alerts":[],"ended":[],"checks":[],"incidents":[],"cannotTrigger":[]}""",
            Encoding.UTF8.GetString(answer.Body.Span));
    }
}
