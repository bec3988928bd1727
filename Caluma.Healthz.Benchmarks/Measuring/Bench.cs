using Caluma.Healthz.Benchmarks.Apps;

namespace Caluma.Healthz.Benchmarks.Measuring;

/// <summary>What all benchmarks measure with: the published programs, and the servers that these look at.</summary>
internal sealed class Bench(PublishedApps apps, TextWriter progress) : IAsyncDisposable
{
    private readonly Lazy<Task<CalumaServers>> _caluma = new(CalumaServers.StartAsync);
    private readonly List<string> _notes = [];

    public PublishedApps Apps { get; } = apps;

    /// <summary>A healthy Caluma, which all share and leave as it is.</summary>
    public Task<CalumaServers> Caluma => _caluma.Value;

    /// <summary>What could not be measured here, and why.</summary>
    public IReadOnlyList<string> Notes => _notes;

    public void Note(string note) => _notes.Add(note);

    public Task SayAsync(string text) => progress.WriteLineAsync($"bench: {text}");

    /// <summary>
    /// Measures each of several things once in every round, one after the other, so that what else the machine does is the same for all.
    /// A first round warms up the client and the disk, and does not count.
    /// </summary>
    public static async Task<IReadOnlyList<Samples>> InterleaveAsync(int rounds, params IReadOnlyList<Func<Task<double>>> measure)
    {
        var values = measure.Select(_ => new List<double>()).ToList();
        for (var round = -1; round < rounds; round++)
        {
            for (var which = 0; which < measure.Count; which++)
            {
                var value = await measure[which]();
                if (round >= 0)
                {
                    values[which].Add(value);
                }
            }
        }

        return [.. values.Select(found => new Samples(found))];
    }

    public async ValueTask DisposeAsync()
    {
        if (_caluma is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            await (await _caluma.Value).DisposeAsync();
        }
    }
}
