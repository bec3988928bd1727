using System.Text.Json;
using Caluma.Healthz.Runs;

namespace Caluma.Healthz.Http;

/// <summary>
/// Writes the report in the format of the IETF draft: https://datatracker.ietf.org/doc/html/draft-inadarei-api-health-check-06. It leaves
/// out the draft's <c>output</c>: no answer says why a check failed.
/// </summary>
internal static class HealthJson
{
    public const string MediaType = "application/health+json";

    public static ReadOnlyMemory<byte> Write(RunReport report) => ReportJson.Write(json =>
    {
        var time = (report.StartedAt + report.Duration).UtcDateTime;
        json.WriteString("status", Status(report.Ok));
        json.WriteStartObject("checks");
        foreach (var results in report.Results.GroupBy(result => result.Check))
        {
            json.WriteStartArray($"{results.Key.Key()}:responseTime");
            foreach (var result in results)
            {
                json.WriteStartObject();
                json.WriteString("componentId", result.Target);
                json.WriteString("componentType", "datastore");
                json.WriteNumber("observedValue", Math.Round(result.Duration.TotalMilliseconds, 1));
                json.WriteString("observedUnit", "ms");
                json.WriteString("status", Status(result.Ok));
                json.WriteString("time", time);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    });

    private static string Status(bool ok) => ok ? "pass" : "fail";
}
