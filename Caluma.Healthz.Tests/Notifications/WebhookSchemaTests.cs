using System.Text.Json;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.Notifications;
using Caluma.Healthz.Tests.Http;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Tests.Notifications;

/// <summary>Posts, and the example of docs/notifications.md, match docs/schemas/webhook.schema.json.</summary>
public sealed class WebhookSchemaTests
{
    private static readonly DateTimeOffset _start = new(2026, 11, 22, 12, 4, 0, TimeSpan.Zero);

    private static readonly JsonContract _contract = JsonContract.Of("webhook");

    [Fact]
    public void Every_post_matches_the_schema()
    {
        var posts =
            from system in (string[])["database", "cache", "media-storage", "databases", "caches", "systems", "probe", "recording"]
            from severity in Enum.GetValues<Severity>()
            from reason in Enum.GetValues<Reason>().Select(reason => (Reason?)reason).Append(null)
            from change in Enum.GetValues<IncidentEvent>()
            from options in (HealthzOptions[])[new(), new() { Name = "production", RunbookUrl = new Uri("https://wiki.example.com/") }]
            select Post(system, severity, reason, change, options);

        Assert.All(posts, post => Assert.Empty(_contract.Problems(post)));
    }

    [Fact]
    public void The_example_of_the_guide_matches_the_schema()
    {
        var guide = File.ReadAllText(Path.Combine(Repository.Root, "docs", "notifications.md"));
        var example = guide.Split("```json\n")[1].Split("```")[0];

        Assert.Empty(_contract.Problems(example));
    }

    private static string Post(string system, Severity severity, Reason? reason, IncidentEvent change, HealthzOptions options)
    {
        var isGroup = new AffectedSystem(system, system).IsGroup;
        var target = system is "probe" or "recording" ? "probe" : isGroup ? system : "my alias";
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
            reason)
        {
            Members = isGroup ? [new AffectedSystem("database", "my alias"), new AffectedSystem("cache", "other")] : null,
        };
        return JsonSerializer.Serialize(
            WebhookMessage.Of(incident, new IncidentMoment(change, _start.AddMinutes(9), checks), options),
            NotificationsJson.Default.WebhookMessage);
    }
}
