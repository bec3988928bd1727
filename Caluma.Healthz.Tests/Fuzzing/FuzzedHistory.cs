using Caluma.Healthz.History;
using Caluma.Healthz.Tests.History;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Tests.Fuzzing;

/// <summary>
/// A history of which a part is what somebody else has written: the next run is recorded nevertheless, and what is asked is answered.
/// </summary>
internal static class FuzzedHistory
{
    private static readonly DateTimeOffset _begun = new(2026, 11, 21, 23, 50, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset _now = new(2026, 11, 22, 0, 20, 0, TimeSpan.Zero);

    private static readonly string[] _pages =
        ["trend", "history?from=2026-11-21T23:00Z", "dashboard", "dashboard?day=2026-11-22", "incidents", "badge.svg"];

    /// <summary>A sound history of half an hour.</summary>
    private static readonly Lazy<IReadOnlyDictionary<string, string>> _sound = new(Record);

    /// <summary>The documents beside the log.</summary>
    private static string[] Documents => [.. _sound.Value.Keys.Where(name => !IsLog(name))];

    /// <param name="text">A day's log. The documents are lost, so that all has to be made of it.</param>
    public static void TakeRecords(string text)
    {
        var storage = Copy(IsLog);
        storage.Put(HistoryNames.Log(DateOnly.FromDateTime(_now.UtcDateTime), 0), text, isLog: true);
        Go(storage);
    }

    /// <param name="text">The name of a document in the first line, and its content.</param>
    public static void TakeDocument(string text)
    {
        var lines = text.Split('\n', 2);
        var storage = Copy(_ => true);
        storage.Put(Documents.FirstOrDefault(name => name == lines[0]) ?? TrendState.BlobName, lines[^1]);
        Go(storage);
    }

    private static bool IsLog(string name) => name.StartsWith(HistoryNames.Records, StringComparison.Ordinal);

    private static MemoryHistoryStorage Copy(Func<string, bool> which)
    {
        var storage = new MemoryHistoryStorage();
        foreach (var (name, content) in _sound.Value.Where(part => which(part.Key)))
        {
            storage.Put(name, content, IsLog(name));
        }

        return storage;
    }

    private static void Go(MemoryHistoryStorage storage)
    {
        using var probe = new FuzzedProbe(storage, _now);
        probe.Record();
        foreach (var page in _pages.Select(page => page.Split('?')))
        {
            var status = probe.Ask("GET", $"/healthz/{page[0]}", page.Length > 1 ? $"?{page[1]}" : "", "text/html");
            if (status >= 500)
            {
                throw new FuzzFaultException($"{page[0]} is answered with {status}.");
            }
        }
    }

    private static Dictionary<string, string> Record()
    {
        var storage = new MemoryHistoryStorage();
        using var probe = new FuzzedProbe(storage, _begun);
        for (var now = _begun; now < _now; now += TimeSpan.FromMinutes(1))
        {
            probe.Record();
        }

        return storage.Names.ToDictionary(name => name, storage.Text);
    }
}
