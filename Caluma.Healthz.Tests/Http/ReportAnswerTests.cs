using System.Text;
using Caluma.Healthz.Checks;
using Caluma.Healthz.Http;

namespace Caluma.Healthz.Tests.Http;

/// <summary>The answers that are made of a run.</summary>
public sealed class ReportAnswerTests
{
    private static readonly CheckResult[] _results =
    [
        new(Check.MediaStorageService, "default", TimeSpan.FromMilliseconds(3.04), null),
        new(Check.Databases, "default", TimeSpan.FromMilliseconds(12.34), null),
        new(Check.Databases, "archive", TimeSpan.FromMilliseconds(5.5), Reason.Auth),
    ];

    [Fact]
    public async Task The_report_says_of_each_target_whether_it_works()
    {
        await using var probe = new AnsweringProbe(_results);

        var answer = await probe.AnswerAsync("/healthz", "?check=media_storage_service&check=databases");

        Assert.Equal((503, "application/json"), (answer.StatusCode, answer.ContentType));
        Assert.Equal(
            """{"media storage service":{"ok":true},"databases":[{"default":{"ok":true}},{"archive":{"ok":false}}]}""", Read(answer));
        Assert.Contains(new("Server-Timing", "media-storage-service;dur=3.0, databases;dur=12.3"), answer.Headers);
    }

    [Theory]
    [InlineData(null, 200, """{"media storage service":{"ok":true}}""")]
    [InlineData(Reason.Connect, 503, """{"media storage service":{"ok":false}}""")]
    public async Task The_media_storage_has_one_verdict(Reason? reason, int status, string body)
    {
        await using var probe = new AnsweringProbe(new CheckResult(Check.MediaStorageService, "default", TimeSpan.Zero, reason));

        var answer = await probe.AnswerAsync("/healthz", "?check=media_storage_service");

        Assert.Equal((status, body), (answer.StatusCode, Read(answer)));
    }

    [Fact]
    public async Task A_media_storage_that_is_not_configured_passes_under_another_name()
    {
        await using var probe = new AnsweringProbe();

        var answer = await probe.AnswerAsync("/healthz", "?check=media_storage_service");

        Assert.Equal((200, """{"media storage service (not configured)":{"ok":true}}"""), (answer.StatusCode, Read(answer)));
    }

    [Fact]
    public async Task A_tool_for_health_gets_the_results_with_the_time_at_which_the_run_ended()
    {
        await using var probe = new AnsweringProbe(_results);

        var answer = await probe.AnswerAsync("/healthz", "?check=databases", accept: HealthJson.MediaType);

        Assert.Equal((503, HealthJson.MediaType), (answer.StatusCode, answer.ContentType));
        Assert.Equal(
            """{"status":"fail","checks":{"databases:responseTime":["""
                + """{"componentId":"default","componentType":"datastore","observedValue":12.3,"observedUnit":"ms","status":"pass","""
                + "\"time\":\"1970-01-01T00:00:00.25Z\"},"
                + """{"componentId":"archive","componentType":"datastore","observedValue":5.5,"observedUnit":"ms","status":"fail","""
                + "\"time\":\"1970-01-01T00:00:00.25Z\"}]}}",
            Read(answer));
    }

    [Fact]
    public async Task HEAD_answers_like_GET_without_a_body()
    {
        await using var probe = new AnsweringProbe(_results);

        var (get, head) = (await probe.AnswerAsync("/healthz"), await probe.AnswerAsync("/healthz", method: "HEAD"));

        Assert.Equal((get.StatusCode, get.ContentType, 0), (head.StatusCode, head.ContentType, head.Body.Length));
        Assert.Equal(get.Headers, head.Headers);
    }

    private static string Read(HealthzResponse answer) => Encoding.UTF8.GetString(answer.Body.Span);
}
