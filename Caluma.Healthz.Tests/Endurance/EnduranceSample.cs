using System.Globalization;

namespace Caluma.Healthz.Tests.Endurance;

/// <summary>What a process that runs and records checks has taken after some runs.</summary>
/// <param name="Runs">How many runs there were.</param>
/// <param name="HeapMb">Objects that are alive, in MB.</param>
/// <param name="ResidentMb">Resident memory, in MB, with all that is not objects.</param>
/// <param name="Descriptors">Open files and sockets.</param>
/// <param name="Threads">Threads.</param>
/// <param name="Sessions">Sessions of the probe in PostgreSQL.</param>
/// <param name="Keys">Keys in Redis. One that a cut run has left expires in a minute.</param>
/// <param name="Blobs">Blobs in the media storage.</param>
/// <param name="Stored">What is in the history.</param>
internal sealed record EnduranceSample(
    int Runs, double HeapMb, double ResidentMb, int Descriptors, int Threads, long Sessions, long Keys, long Blobs, StoredSample Stored)
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
        ("surplus blobs of the history", sample => sample.Stored.Surplus, 1),
        ("bytes of log a run", sample => sample.Stored.BytesARun, 20),
        ("requests to the history a run", sample => sample.Stored.Requests, 0.5),
        ("incidents", sample => sample.Stored.Incidents, 100),
    ];

    /// <summary>What grows by design until the history is older than all that the rules remember.</summary>
    private static readonly (string Name, Func<EnduranceSample, double> Of, double Slack)[] _measuresOfFull =
    [
        ("the state of the alerts in KB", sample => sample.Stored.StateKb, 10),
        ("the latest run in KB", sample => sample.Stored.LatestKb, 2),
        ("the rollup of a day in KB", sample => sample.Stored.RollupKb, 10),
        ("the summary of the newest days in KB", sample => sample.Stored.RecentKb, 10),
    ];

    /// <summary>Whether the documents of the history are compared: all samples but those of the first third are of a full one.</summary>
    /// <param name="samples">The samples.</param>
    /// <param name="runsToFill">The runs after which the documents are full.</param>
    public static bool IsFull(IReadOnlyList<EnduranceSample> samples, int runsToFill) => samples[samples.Count / 3].Runs >= runsToFill;

    /// <summary>What is not flat. The first third of the samples is that of a program that warms up.</summary>
    /// <param name="samples">The samples.</param>
    /// <param name="runsToFill">The runs after which the documents of the history are full.</param>
    public static IReadOnlyList<string> Growing(IReadOnlyList<EnduranceSample> samples, int runsToFill)
    {
        var third = samples.Count / 3;
        return
        [
            .. from measure in IsFull(samples, runsToFill) ? [.. _measures, .. _measuresOfFull] : _measures
               let middle = Median(samples.Skip(third).Take(third).Select(measure.Of))
               let last = Median(samples.TakeLast(third).Select(measure.Of))
               where last > middle + measure.Slack
               select string.Create(CultureInfo.InvariantCulture, $"{measure.Name} grow from {middle:0.#} to {last:0.#}"),
        ];
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Runs,7} runs: {HeapMb:0.0} MB of objects, {ResidentMb:0} MB resident, {Descriptors} descriptors, {Threads} threads, "
            + $"{Sessions} sessions, {Keys} keys, {Blobs} blobs; history: {Stored.Surplus} surplus blobs, {Stored.BytesARun:0} B of "
            + $"log and {Stored.Requests:0.00} requests a run, state {Stored.StateKb:0.0} KB, latest {Stored.LatestKb:0.0} KB, "
            + $"rollup {Stored.RollupKb:0.0} KB, recent {Stored.RecentKb:0.0} KB, {Stored.Incidents} incidents");

    private static double Median(IEnumerable<double> values)
    {
        var ordered = values.Order().ToList();
        return ordered[ordered.Count / 2];
    }
}
