using System.Buffers;
using System.Text.Json;
using Caluma.Healthz.Runs;

namespace Caluma.Healthz.Http;

/// <summary>
/// Writes Caluma's report: whether each check passed on each target, and nothing else. Caluma tests the same shape:
/// https://github.com/projectcaluma/caluma/blob/v9.3.3/caluma/caluma_core/tests/__snapshots__/test_health_checks.ambr.
/// </summary>
internal static class ReportJson
{
    public static ReadOnlyMemory<byte> Write(RunReport report) => Write(json =>
    {
        foreach (var check in CheckNames.All.Where(report.Checks.Contains))
        {
            var results = report.Results.Where(result => result.Check == check);
            if (check == Check.MediaStorageService)
            {
                var result = results.SingleOrDefault();
                WriteOk(json, result is null ? $"{check.Key()} (not configured)" : check.Key(), result is null || result.Ok);
                continue;
            }

            json.WriteStartArray(check.Key());
            foreach (var result in results)
            {
                json.WriteStartObject();
                WriteOk(json, result.Target, result.Ok);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }
    });

    /// <summary>The answer of django-watchman to unknown checks.</summary>
    public static ReadOnlyMemory<byte> Error(int status, string message) => Write(json =>
    {
        json.WriteNumber("error", status);
        json.WriteString("message", message);
    });

    /// <summary>The answer of a probe whose configuration is invalid.</summary>
    public static ReadOnlyMemory<byte> InvalidConfiguration() => Write(json => WriteOk(json, "configuration", false));

    private static void WriteOk(Utf8JsonWriter json, string name, bool ok)
    {
        json.WriteStartObject(name);
        json.WriteBoolean("ok", ok);
        json.WriteEndObject();
    }

    /// <summary>Writes an object with the given members.</summary>
    public static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> writeMembers)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            writeMembers(json);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}
