using Microsoft.Extensions.Logging.Testing;

namespace Caluma.Healthz.Tests.Deployments;

/// <summary>What the answer leaves out, and the log says.</summary>
internal static class LoggedReasons
{
    /// <summary>Lines such as <c>caches/default: timeout</c>, one for each failure in the log, in its order.</summary>
    public static IReadOnlyList<string> Reasons(this RunningProbe probe) =>
    [
        .. from record in probe.Log.GetSnapshot()
           where record.Id.Name == "HealthzCheckFailed"
           select $"{Value(record, "Check").Replace('-', ' ')}/{Value(record, "Target")}: {Value(record, "Reason")}",
    ];

    private static string Value(FakeLogRecord record, string name) => record.GetStructuredStateValue(name)!;
}
