using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Azure;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;
using Microsoft.Extensions.Logging.Testing;

namespace Caluma.Healthz.Tests.History;

/// <summary>Documents that hold what no process writes, or that cannot be read.</summary>
public sealed class BrokenDocumentTests
{
    private const string Name = "rollups/2026/11/22.json";

    private readonly MemoryHistoryStorage _storage = new();
    private readonly FakeLogger<DocumentStore> _log = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("hours.0.ticks", "100000", true)]
    [InlineData("hours.0.ticks", "100001", false)]
    [InlineData("hours.0.ticks", "0", true)]
    [InlineData("hours.0.ticks", "-1", false)]
    [InlineData("hours.0.expected", "-1", false)]
    [InlineData("hours.0.hour", "23", true)]
    [InlineData("hours.0.hour", "24", false)]
    [InlineData("hours.0.hour", "-1", false)]
    [InlineData("hours.0.series.0.runs", "100001", false)]
    [InlineData("hours.0.series.0.ok", "-1", false)]
    [InlineData("hours.0.series.0.excluded", "-1", false)]
    [InlineData("hours.0.series.0.reasons", """{"timeout":-1}""", false)]
    [InlineData("hours.0.series.0.reasons", "null", false)]
    [InlineData("hours.0.series.0.check", "1", false)]
    [InlineData("hours.0", "null", false)]
    [InlineData("hours", "[]", true)]
    [InlineData("hours", "null", false)]
    [InlineData("seen.instances", """{"one":null}""", false)]
    [InlineData("seen.instances", """{"one":[]}""", true)]
    [InlineData("seen", "null", false)]
    [InlineData("day", "\"2026-11-31\"", false)]
    public async Task A_rollup_with_what_nobody_writes_is_broken(string path, string value, bool isRead)
    {
        var rollup = new DayRollup { Day = Records.Day };
        Assert.True(rollup.Fold(Records.At(Records.Noon, fails: Reason.Timeout), Schedule.Parse("0 * * * * *", out _)!));
        var json = JsonSerializer.SerializeToNode(rollup, HistoryJson.Default.DayRollup)!;
        var names = path.Split('.');
        var parent = names.SkipLast(1).Aggregate(
            json, (node, name) => int.TryParse(name, out var index) ? node[index]! : node[name]!);
        if (parent is JsonArray list)
        {
            list[int.Parse(names[^1], null)] = JsonNode.Parse(value);
        }
        else
        {
            Assert.True(parent.AsObject().ContainsKey(names[^1]));
            parent[names[^1]] = JsonNode.Parse(value);
        }

        _storage.Put(Name, json.ToJsonString());
        var (read, version) = await Documents().ReadAsync(Name, HistoryJson.Default.DayRollup, Cancel);

        Assert.Equal(isRead, read is not null);
        Assert.NotNull(version);
    }

    [Theory]
    [InlineData("1970-01-01T00:00:00Z", true)]
    [InlineData("1969-12-31T23:59:59Z", false)]
    [InlineData("9000-12-31T23:59:59Z", true)]
    [InlineData("9001-01-01T00:00:00Z", false)]
    [InlineData("0001-01-01T00:00:00Z", true)]
    [InlineData("0001-01-01T00:00:01Z", false)]
    public void A_time_is_none_or_of_a_year_that_runs_can_be_of(string time, bool isRead)
    {
        var options = new JsonSerializerOptions { Converters = { new UtcJsonConverter() } };

        var failure = Record.Exception(() => JsonSerializer.Deserialize<DateTimeOffset>($"\"{time}\"", options));

        Assert.Equal(isRead ? null : "A time must be of a year from 1970 to 9000.", failure?.Message);
    }

    [Theory]
    [InlineData(409, "BlobArchived", "protocol")]
    [InlineData(403, "AuthorizationFailure", "permission")]
    public async Task A_document_that_is_refused_is_broken_to_who_takes_refusals_and_logged_once(int status, string code, string reason)
    {
        _storage.Put(Name, "{}");
        _storage.Fault = _ => StorageFault.Refuse(status, code);
        var (documents, refusals) = (Documents(), new ConcurrentBag<Exception>());
        for (var read = 0; read < 2; read++)
        {
            Assert.Equal(
                new Document<DayRollup>(null, ETag.All),
                await documents.ReadAsync(Name, HistoryJson.Default.DayRollup, Cancel, refusals));
        }

        Assert.Equal(status == 403 ? 2 : 0, refusals.Count);
        Assert.Equal(
            [$"HealthzHistoryUnreadable reason={reason} blob={Name}"], _log.Collector.GetSnapshot().Select(record => record.Message));
    }

    [Fact]
    public async Task A_document_that_is_refused_is_none_to_who_would_write_it()
    {
        _storage.Fault = _ => StorageFault.Refuse(403, "AuthorizationFailure");

        var refusal = await Assert.ThrowsAsync<RequestFailedException>(
            () => Documents().ReadAsync(Name, HistoryJson.Default.DayRollup, Cancel));

        Assert.Equal(403, refusal.Status);
        Assert.Empty(_log.Collector.GetSnapshot());
    }

    private DocumentStore Documents() => new(_storage, _log);
}
