using System.Globalization;

namespace Caluma.Healthz.Tests.Endurance;

/// <summary>What a process that runs checks has taken after some runs.</summary>
/// <param name="Runs">How many runs there were.</param>
/// <param name="HeapMb">Objects that are alive, in MB.</param>
/// <param name="ResidentMb">Resident memory, in MB, with all that is not objects.</param>
/// <param name="Descriptors">Open files and sockets.</param>
/// <param name="Threads">Threads.</param>
/// <param name="Sessions">Sessions of the probe in PostgreSQL.</param>
/// <param name="Keys">Keys in Redis. One that a cut run has left expires in a minute.</param>
/// <param name="Blobs">Blobs in the media storage.</param>
internal sealed record EnduranceSample(
    int Runs, double HeapMb, double ResidentMb, int Descriptors, int Threads, long Sessions, long Keys, long Blobs)
{
    /// <summary>Each measure, with how much its median may grow from the middle third of the samples to the last one.</summary>
    private static readonly (string Name, Func<EnduranceSample, double> Of, double Slack)[] _measures =
    [
        ("objects in MB", sample => sample.HeapMb, 2),
        ("resident memory in MB", sample => sample.ResidentMb, 10),
        ("descriptors", sample => sample.Descriptors, 10),
        ("threads", sample => sample.Threads, 8),
        ("database sessions", sample => sample.Sessions, 1),
        ("keys", sample => sample.Keys, 10),
        ("blobs", sample => sample.Blobs, 1),
    ];

    /// <summary>What is not flat. The first third of the samples is that of a program that warms up.</summary>
    public static IReadOnlyList<string> Growing(IReadOnlyList<EnduranceSample> samples)
    {
        var third = samples.Count / 3;
        return
        [
            .. from measure in _measures
               let middle = Median(samples.Skip(third).Take(third).Select(measure.Of))
               let last = Median(samples.TakeLast(third).Select(measure.Of))
               where last > middle + measure.Slack
               select string.Create(CultureInfo.InvariantCulture, $"{measure.Name} grow from {middle:0.#} to {last:0.#}"),
        ];
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Runs,7} runs: {HeapMb:0.0} MB of objects, {ResidentMb:0} MB resident, {Descriptors} descriptors, {Threads} threads, "
            + $"{Sessions} sessions, {Keys} keys, {Blobs} blobs");

    private static double Median(IEnumerable<double> values)
    {
        var ordered = values.Order().ToList();
        return ordered[ordered.Count / 2];
    }
}
