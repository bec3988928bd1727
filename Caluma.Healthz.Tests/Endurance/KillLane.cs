using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Caluma.Healthz.Tests.Deployments;

namespace Caluma.Healthz.Tests.Endurance;

/// <summary>Kills one front door again and again while it runs the checks, or records the run.</summary>
internal sealed partial class KillLane(CalumaDeployment caluma, FrontDoorToKill door, FaultServer database, int seed)
{
    private const string Recorded = "HealthzRunRecorded";
    private const string Completed = "HealthzRunCompleted";

    /// <summary>Three of a database, one of a cache, one of the media storage.</summary>
    private const int Verdicts = 5;

    /// <summary>A killed holder's lease lasts 15 s, and the machine may be busy.</summary>
    private static readonly TimeSpan _untilRun = TimeSpan.FromMinutes(2);

    private readonly Random _random = new(seed);
    private readonly List<DateTimeOffset> _acknowledged = [];
    private readonly List<string> _wrong = [];

    /// <summary>How long a run and its record take, as far as known.</summary>
    private TimeSpan _takes = TimeSpan.FromMilliseconds(200);

    /// <summary>The kills while the checks ran.</summary>
    public int InRun { get; private set; }

    /// <summary>The kills while the run was recorded.</summary>
    public int InRecord { get; private set; }

    /// <summary>The kills that came too late.</summary>
    public int Late { get; private set; }

    /// <summary>The ticks that the front door said it has recorded.</summary>
    public IReadOnlyList<DateTimeOffset> Acknowledged => _acknowledged;

    /// <summary>What was wrong with the first answers after the starts.</summary>
    public IReadOnlyList<string> Wrong => _wrong;

    /// <summary>Kills it a number of times, and stops it after one more record.</summary>
    public async Task RunAsync(int kills)
    {
        while (InRun + InRecord < kills)
        {
            await StartAsync();
            await KillInNextRunAsync();
        }

        await StartAsync();
        await Deadline.UntilAsync("the last run is recorded", () => door.Logged(Recorded).Count > 0, within: _untilRun);
        await door.StopAsync();
        Acknowledge();
    }

    private async Task StartAsync()
    {
        await door.StartAsync();
        var (status, body) = await door.AskAsync("/healthz");
        using var report = JsonDocument.Parse(body);
        if (status != 200 || Report.Read(status, report.RootElement) is not { Verdicts.Count: Verdicts } answer || answer.Failed.Any())
        {
            _wrong.Add($"the first answer is {status}: {body}");
        }

        if (await door.AskAsync("/healthz/trend") is not { Status: 200 } and var trend)
        {
            _wrong.Add($"the first trend is {trend.Status}: {trend.Body}");
        }
    }

    private async Task KillInNextRunAsync()
    {
        // The runs of the requests above have ended: what the database is asked next is asked by the timer.
        var asked = database.RequestBytes;
        var (completed, recorded) = (door.Logged(Completed).Count, door.Logged(Recorded).Count);
        await Deadline.UntilAsync("the next run begins", () => database.RequestBytes > asked, within: _untilRun);
        var began = Stopwatch.GetTimestamp();
        var delay = _takes * _random.NextDouble() * 1.2;
        while (Stopwatch.GetElapsedTime(began) < delay && door.Logged(Recorded).Count == recorded)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1));
        }

        await door.KillAsync();
        if (door.Logged(Recorded).Count > recorded)
        {
            Late++;
            _takes *= 0.9;
        }
        else if (door.Logged(Completed).Count > completed)
        {
            InRecord++;
            _takes *= 1.02;
        }
        else
        {
            InRun++;
            _takes *= 1.05;
        }

        Acknowledge();
    }

    private void Acknowledge() => _acknowledged.AddRange(door.Logged(Recorded)
        .Select(message => DateTimeOffset.Parse(Tick().Match(message).Groups["tick"].Value, CultureInfo.InvariantCulture)));

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{door.GetType().Name} on {(caluma.Settings.ContainsKey("Healthz:History:Folder") ? "a folder" : "Azurite")}, seed {seed}: "
            + $"{InRun} kills in a run, {InRecord} in a record, {Late} after it; {_acknowledged.Count} records acknowledged");

    [GeneratedRegex("tick=(?<tick>[^ ]+)")]
    private static partial Regex Tick();
}
