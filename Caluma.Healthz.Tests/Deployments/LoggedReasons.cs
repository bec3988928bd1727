using Microsoft.Extensions.Logging.Testing;

namespace Caluma.Healthz.Tests.Deployments;

/// <summary>Reads from the log why checks failed.</summary>
internal static class LoggedReasons
{
    /// <summary>Lines such as <c>caches/default: timeout</c>, one for each failure, in order.</summary>
    public static IReadOnlyList<string> Reasons(this RunningProbe probe) =>
    [
        .. from record in probe.Log.GetSnapshot()
           where record.Id.Name == "HealthzCheckFailed"
           select $"{Value(record, "Check").Replace('-', ' ')}/{Value(record, "Target")}: {Value(record, "Reason")}",
    ];

    /// <summary>The codes alone, such as <c>timeout</c>.</summary>
    public static IReadOnlyList<string> ReasonCodes(this RunningProbe probe) => [.. probe.Reasons().Select(line => line.Split(": ")[1])];

    /// <summary>Whether the process did not come to a check within the timeout. Such a check fails without a reason.</summary>
    public static bool HasStarved(this RunningProbe probe) =>
        probe.Log.GetSnapshot().Any(record => record.Id.Name == "HealthzRunStarved");

    private static string Value(FakeLogRecord record, string name) => record.GetStructuredStateValue(name)!;
}
