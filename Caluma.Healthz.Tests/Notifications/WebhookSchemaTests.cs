using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.Notifications;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Tests.Notifications;

/// <summary>Posts, and the example of docs/notifications.md, match docs/schemas/webhook.schema.json.</summary>
public sealed class WebhookSchemaTests
{
    private static readonly DateTimeOffset _start = new(2026, 11, 22, 12, 4, 0, TimeSpan.Zero);

    private static readonly JsonObject _schema =
        JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "docs", "schemas", "webhook.schema.json")))!.AsObject();

    [Fact]
    public void Every_post_matches_the_schema()
    {
        var posts =
            from system in (string[])["database", "cache", "media-storage", "probe", "recording"]
            from severity in Enum.GetValues<Severity>()
            from reason in Enum.GetValues<Reason>().Select(reason => (Reason?)reason).Append(null)
            from change in Enum.GetValues<IncidentEvent>()
            from options in (HealthzOptions[])[new(), new() { Name = "production", RunbookUrl = new Uri("https://wiki.example.com/") }]
            select Post(system, severity, reason, change, options);

        Assert.All(posts, post => Assert.Empty(Problems(JsonNode.Parse(post), _schema, "")));
    }

    [Fact]
    public void The_example_of_the_guide_matches_the_schema()
    {
        var guide = File.ReadAllText(Path.Combine(Repository.Root, "docs", "notifications.md"));
        var example = guide.Split("```json\n")[1].Split("```")[0];

        Assert.Empty(Problems(JsonNode.Parse(example), _schema, ""));
    }

    [Theory]
    [InlineData("""{"version": 2, "event": "opened", "at": "x"}""", "/version is 2", "/incident lacks")]
    [InlineData("""{"version": 1, "event": "gone", "at": "x", "incident": {}, "secret": 1}""", "/event is gone", "/secret is not known")]
    public void The_schema_refuses_other_posts(string post, params string[] problems) =>
        Assert.All(problems, problem => Assert.Contains(problem, Problems(JsonNode.Parse(post), _schema, "")));

    private static string Post(string system, Severity severity, Reason? reason, IncidentEvent change, HealthzOptions options)
    {
        var target = system is "probe" or "recording" ? "probe" : "my alias";
        var checks = system == "recording" ? default : CheckSet.Of(Check.DatabaseModels, Check.Databases);
        var incident = new Incident(
            new AffectedSystem(system, target).IdOf(_start, severity),
            system,
            target,
            checks,
            severity,
            _start,
            _start.AddMinutes(2),
            1,
            reason);
        return JsonSerializer.Serialize(
            WebhookMessage.Of(incident, new IncidentMoment(change, _start.AddMinutes(9), checks), options),
            NotificationsJson.Default.WebhookMessage);
    }

    /// <summary>The keywords of JSON Schema that this schema uses. Unknown members are a problem.</summary>
    private static IEnumerable<string> Problems(JsonNode? value, JsonObject schema, string path)
    {
        if (schema["const"] is { } only && !JsonNode.DeepEquals(only, value))
        {
            yield return $"{path} is {value}";
        }

        if (schema["enum"]?.AsArray() is { } choices && !choices.Any(choice => JsonNode.DeepEquals(choice, value)))
        {
            yield return $"{path} is {value}";
        }

        if (schema["pattern"] is { } pattern && !Regex.IsMatch($"{value}", $"{pattern}"))
        {
            yield return $"{path} is {value}";
        }

        foreach (var required in schema["required"]?.AsArray().Where(required => value![$"{required}"] is null) ?? [])
        {
            yield return $"{path}/{required} lacks";
        }

        foreach (var item in schema["items"] is JsonObject items ? value!.AsArray().SelectMany(item => Problems(item, items, path)) : [])
        {
            yield return item;
        }

        foreach (var (name, member) in schema["properties"] is { } known ? value!.AsObject() : [])
        {
            if (schema["properties"]![name] is not JsonObject of)
            {
                yield return $"{path}/{name} is not known";
                continue;
            }

            foreach (var problem in Problems(member, of, $"{path}/{name}"))
            {
                yield return problem;
            }
        }
    }
}
