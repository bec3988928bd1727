using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Caluma.Healthz.Tests.Infra;

/// <summary>
/// The tables of a Log Analytics workspace, filled with what our own code logs, in the shape in which it arrives there. Of an
/// isolated worker the host relays the name, the category, the level and the message; a worker that exports by itself sends the
/// values too, under other names. A query must not depend on the way.
/// </summary>
internal sealed class LogTables(bool exportedByWorker = false)
{
    /// <summary>The component as the workspace writes it. Our queries have a placeholder in its place, which stays there.</summary>
    public const string Component = "{COMPONENT}";

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
    private readonly JsonArray _traces = [];
    private readonly JsonArray _exceptions = [];
    private readonly JsonArray _availabilityResults = [];

    public JsonObject Tables => new()
    {
        ["AppTraces"] = _traces.DeepClone(),
        ["AppExceptions"] = _exceptions.DeepClone(),
        ["AppAvailabilityResults"] = _availabilityResults.DeepClone(),
    };

    /// <summary>Lets time go by.</summary>
    public LogTables After(TimeSpan time)
    {
        _time.Advance(time);
        return this;
    }

    /// <summary>Takes up what is logged.</summary>
    /// <param name="log">What logs.</param>
    /// <param name="component">Whose log it is.</param>
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

    /// <summary>What the host logs of a function that threw: several rows, not all of them with all properties.</summary>
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

    /// <summary>What an availability test reports.</summary>
    public LogTables Call(string location, bool success, double milliseconds)
    {
        _availabilityResults.Add(Row(Component, new() { ["Location"] = location, ["Success"] = success, ["DurationMs"] = milliseconds }));
        return this;
    }

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
