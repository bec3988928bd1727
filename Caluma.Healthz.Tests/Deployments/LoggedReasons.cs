using Microsoft.Extensions.Logging.Testing;

namespace Caluma.Healthz.Tests.Deployments;

/// <summary>Reads the reasons of failures from the log.</summary>
internal static class LoggedReasons
{
    /// <summary>Lines such as <c>caches/default: timeout</c>, one for each failure, in order.</summary>
    public static IReadOnlyList<string> Reasons(this RunningProbe probe) =>
    [
        .. from record in probe.Log.GetSnapshot()
           where record.Id.Name == "HealthzCheckFailed"
           select $"{Value(record, "Check").Replace('-', ' ')}/{Value(record, "Target")}: {Value(record, "Reason")}",
    ];

    private static string Value(FakeLogRecord record, string name) => record.GetStructuredStateValue(name)!;
}
