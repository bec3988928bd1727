using Caluma.Healthz.Http;
using Caluma.Healthz.Tests.History;

namespace Caluma.Healthz.Tests.Fuzzing;

/// <summary>A method, a path with its query, and what is accepted, a line each: as a front door hands them on.</summary>
internal static class FuzzedRequests
{
    private static readonly MemoryHistoryStorage _storage = new();
    private static readonly Lazy<FuzzedProbe> _probe = new(Start);

    public static void Take(string text)
    {
        var lines = text.Split('\n', 3);
        var target = lines.ElementAtOrDefault(1) ?? "";
        var query = target.IndexOf('?', StringComparison.Ordinal);
        var (path, rest) = query < 0 ? (target, "") : (target[..query], target[query..]);
        var status = _probe.Value.Ask(lines[0], path, rest, lines.ElementAtOrDefault(2) ?? "");
        _storage.Clear();

        // A report of failed checks is answered with 503.
        if (status is 500 || (status is 503 && HealthzRoutes.Find(path)?.Path is not (HealthzRoutes.Report or HealthzRoutes.Bare)))
        {
            throw new FuzzFaultException($"{text} is answered with {status}.");
        }
    }

    private static FuzzedProbe Start()
    {
        var probe = new FuzzedProbe(_storage, new DateTimeOffset(2026, 11, 21, 23, 30, 0, TimeSpan.Zero));
        for (var tick = 0; tick < 60; tick++)
        {
            probe.Record();
        }

        return probe;
    }
}
