using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Caluma.Healthz.Tests.Infra;

/// <summary>
/// The tables of a Log Analytics workspace, filled with the probe's log in the form in which it arrives there. The host relays name,
/// category, level and message of an isolated worker; a worker that exports by itself sends the values too, under other names. Queries must
/// work with both.
/// </summary>
internal sealed class LogTables(bool exportedByWorker = false)
{
    /// <summary>The component as the workspace writes it. The queries have a placeholder in its place.</summary>
    public const string Component = "{COMPONENT}";

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
    private readonly JsonArray _traces = [];
    private readonly JsonArray _exceptions = [];
    private readonly JsonArray _availabilityResults = [];

    /// <summary>The time of the next rows.</summary>
    public DateTimeOffset Now => _time.GetUtcNow();

    public JsonObject Tables => new()
    {
        ["AppTraces"] = _traces.DeepClone(),
        ["AppExceptions"] = _exceptions.DeepClone(),
        ["AppAvailabilityResults"] = _availabilityResults.DeepClone(),
    };

    /// <summary>The rows of a time range that ends now.</summary>
    public static JsonObject Within(JsonObject tables, TimeSpan range, DateTimeOffset now) =>
        new(tables.Select(table => KeyValuePair.Create<string, JsonNode?>(
            table.Key,
            new JsonArray([.. table.Value!.AsArray().Where(row => TimeOf(row) > now - range && TimeOf(row) <= now)
                .Select(row => row!.DeepClone())]))));

    /// <summary>Advances the time.</summary>
    public LogTables After(TimeSpan time)
    {
        _time.Advance(time);
        return this;
    }

    /// <summary>Adds the log of an action.</summary>
    /// <param name="log">The action.</param>
    /// <param name="component">The component.</param>
    public LogTables Log(Action<ILogger> log, string component = Component)
    {
        var collector = FakeLogCollector.Create(new FakeLogCollectorOptions { TimeProvider = _time });
        log(new FakeLogger(collector, "Caluma.Healthz"));
        foreach (var record in collector.GetSnapshot())
        {
            _traces.Add(Row(component, new()
            {
                ["Message"] = record.Message,
                ["SeverityLevel"] = (int)record.Level - 1,
                ["Properties"] = exportedByWorker ? Exported(record) : Relayed(record),
            }));
        }

        return this;
    }

    /// <summary>Adds the host's log of a function that threw: several rows, some without all properties.</summary>
    public LogTables Throw(string function, string exception)
    {
        var operation = Guid.NewGuid().ToString("N");
        foreach (var category in new[] { $"Function.{function}", $"Function.{function}.User", "Host.Results" })
        {
            _exceptions.Add(Row(Component, new()
            {
                ["OperationId"] = operation,
                ["OperationName"] = function,
                ["InnermostType"] = exception,
                ["SeverityLevel"] = 3,
                ["Properties"] = new JsonObject { ["Category"] = category },
            }));
        }

        return this;
    }

    /// <summary>Adds the result of an availability test.</summary>
    public LogTables Call(string location, bool success, double milliseconds)
    {
        _availabilityResults.Add(Row(Component, new() { ["Location"] = location, ["Success"] = success, ["DurationMs"] = milliseconds }));
        return this;
    }

    private static DateTimeOffset TimeOf(JsonNode? row) =>
        DateTimeOffset.Parse(row.Text("TimeGenerated"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    private JsonObject Row(string component, JsonObject row)
    {
        row["TimeGenerated"] = _time.GetUtcNow().UtcDateTime.ToString("O");
        row["_ResourceId"] = component;
        return row;
    }

    private static JsonObject Relayed(FakeLogRecord record) => new()
    {
        ["Category"] = "Function.healthz.User",
        ["LogLevel"] = $"{record.Level}",
        ["EventName"] = record.Id.Name,
    };

    private static JsonObject Exported(FakeLogRecord record) => new(
        [
            KeyValuePair.Create<string, JsonNode?>("CategoryName", record.Category),
            KeyValuePair.Create<string, JsonNode?>("EventName", record.Id.Name),
            .. record.StructuredState!.Select(value => KeyValuePair.Create<string, JsonNode?>(value.Key, value.Value)),
        ]);
}
