using System.Globalization;
using System.Text;
using System.Text.Json;
using Caluma.Healthz.History;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Tests.Recording.Simulation;

/// <summary>What recording promises, held against what a simulation has left.</summary>
internal sealed class SimulationProof(Simulation simulation)
{
    private const int MaxState = 64 * 1024;

    private readonly List<string> _faults = [];

    /// <summary>Each record of the log once, in the order of the log.</summary>
    private readonly List<RunRecord> _log = ReadLog(simulation);

    /// <summary>A clock that is ahead makes records of a later time.</summary>
    private TimeSpan Skew => simulation.Plan.HasWrongClocks ? simulation.Plan.MaxSkew : TimeSpan.Zero;

    public IReadOnlyList<string> Find()
    {
        HoldRecords();
        HoldState();
        HoldRepetitions();
        HoldProgress();
        HoldRollups();
        HoldSummaries();
        return _faults;
    }

    private static List<RunRecord> ReadLog(Simulation simulation)
    {
        var (log, seen) = (new List<RunRecord>(), new HashSet<(string, DateTimeOffset)>());
        foreach (var name in simulation.Memory.Names.Where(name => name.StartsWith(HistoryNames.Records, StringComparison.Ordinal)))
        {
            foreach (var line in simulation.Memory.Text(name).Split('\n'))
            {
                if (RecordLine.Read(Encoding.UTF8.GetBytes(line), out _) is { } record && seen.Add((record.Instance, record.Tick)))
                {
                    log.Add(record);
                }
            }
        }

        return log;
    }

    private static int NumberOf(RunRecord record) => (int)record.DurationMs;

    private void Require(bool holds, string what)
    {
        if (!holds)
        {
            _faults.Add(what);
        }
    }

    /// <summary>What a process has acknowledged is in the log; and of one that was not killed all that it has not given up.</summary>
    private void HoldRecords()
    {
        foreach (var process in simulation.Processes)
        {
            var ticks = _log.Where(record => NumberOf(record) == process.Number).Select(record => record.Tick).ToList();
            var lost = process.Recorded.Except(ticks).ToList();
            Require(lost.Count == 0, $"process {process.Number} has acknowledged what is in no log: {string.Join(", ", lost)}");
            Require(
                process.IsDead || ticks.Count + process.Lost >= process.Runs,
                $"process {process.Number} has made {process.Runs} runs: {ticks.Count} are in the log, and {process.Lost} given up");
        }
    }

    /// <summary>
    /// Each rollup counts each record of its day once. A record that came after the end of its day, and whose process was killed before it
    /// had counted it, is counted with the first run of the next day.
    /// </summary>
    private void HoldRollups()
    {
        var today = _log.Count > 0 ? _log.Max(record => record.Day) : default;
        var faults = FindFaultsOfRollups(_log).ToList();
        if (faults.Exists(fault => fault.Day < today))
        {
            simulation.RecordTomorrow();
            faults = [.. faults.Where(fault => fault.Day == today), .. FindFaultsOfRollups(ReadLog(simulation))];
        }

        _faults.AddRange(faults.Select(fault => fault.Text));
    }

    private IEnumerable<(DateOnly Day, string Text)> FindFaultsOfRollups(IEnumerable<RunRecord> log)
    {
        foreach (var day in log.GroupBy(record => record.Day))
        {
            var name = HistoryNames.Rollup(day.Key);
            if (!simulation.Memory.Names.Contains(name))
            {
                yield return (day.Key, $"there is no {name}");
                continue;
            }

            var rollup = JsonSerializer.Deserialize(simulation.Memory.Text(name), HistoryJson.Default.DayRollup)!;
            var found = rollup.Hours.Select(hour => Line(
                hour.Hour, hour.Ticks, hour.Series.Select(series => (series.Target, series.Runs, series.Runs - series.Ok)))).ToList();
            var wanted = day.GroupBy(record => record.Tick.Hour).OrderBy(hour => hour.Key).Select(hour => Line(
                hour.Key,
                hour.Count(),
                hour.SelectMany(record => record.Checks).GroupBy(check => check.Target)
                    .Select(target => (target.Key, target.Count(), target.Count(check => !check.Ok))))).ToList();
            if (!found.SequenceEqual(wanted))
            {
                yield return (day.Key, $"{name} says\n  {string.Join("\n  ", found)}\nand the log\n  {string.Join("\n  ", wanted)}");
            }
        }

        static string Line(int hour, int ticks, IEnumerable<(string Target, int Runs, int Failed)> series) => string.Create(
            CultureInfo.InvariantCulture, $"hour {hour}: {ticks} ticks, {string.Join(", ", series.OrderBy(one => one.Target))}");
    }

    /// <summary>What a summary says of a version of a rollup is what that version says.</summary>
    private void HoldSummaries()
    {
        foreach (var name in simulation.Memory.Names.Where(name => name.StartsWith(HistoryNames.Summaries, StringComparison.Ordinal)))
        {
            var summary = JsonSerializer.Deserialize(simulation.Memory.Text(name), HistoryJson.Default.SummaryDocument)!;
            foreach (var day in summary.Days)
            {
                var rollup = HistoryNames.Rollup(day.Day);
                if (simulation.Memory.VersionOf(rollup) == day.Version)
                {
                    var wanted = DaySummary.Of(
                        JsonSerializer.Deserialize(simulation.Memory.Text(rollup), HistoryJson.Default.DayRollup)!, day.Version);
                    var found = new SummaryDocument { Days = [day] };
                    var other = new SummaryDocument { Days = [name == HistoryNames.RecentSummary ? wanted : wanted.WithoutHours()] };
                    Require(
                        JsonSerializer.Serialize(found, HistoryJson.Default.SummaryDocument)
                            == JsonSerializer.Serialize(other, HistoryJson.Default.SummaryDocument),
                        $"{name} says of {day.Day} what its rollup does not say");
                }
            }
        }
    }

    /// <summary>The state is that of one process that has judged the log alone, and all that has become of it was announced.</summary>
    private void HoldState()
    {
        var text = simulation.Memory.Text(TrendState.BlobName);
        var state = JsonSerializer.Deserialize(text, TrendsJson.Default.TrendState)!;
        Require(text.Length < MaxState, $"the state has {text.Length} bytes");
        if (simulation.HasLostState)
        {
            // What is made anew knows hours and not runs.
            return;
        }

        // Before the first state was written there is nothing that says what was announced: docs/testing.md.
        var first = simulation.Heard.FirstSettled + Skew;
        foreach (var incident in state.Incidents.Select(one => one.Incident).Where(incident => incident.Opened > first))
        {
            RequireHeard("HealthzIncidentOpened", $" id={incident.Id} ");
            if (incident.Resolved is not null)
            {
                RequireHeard("HealthzIncidentResolved", $" id={incident.Id} ");
            }
        }

        if (simulation.World.HasGoneBackADay)
        {
            // Each record was judged, but not in the order of the log; one whose process was killed at once, or failed by the storage at
            // its end, may not: docs/testing.md.
            var gone = simulation.Processes.Where(process => process.IsDead || process is { HasEnded: true, HasFailed: true })
                .Select(process => process.Number).ToHashSet();
            var unseen = _log.Where(record => !state.Seen.Contains(record) && !gone.Contains(NumberOf(record))).ToList();
            Require(unseen.Count == 0, $"never judged: {string.Join(", ", unseen.Select(record => $"{record.Tick:O}"))}");
            return;
        }

        if (simulation.Processes.Any(process => process.HasFailed))
        {
            // Where the storage was away, what could not be written was judged first.
            return;
        }

        var (wanted, changes) = KilledInAnyRequestTests.Judge(_log, simulation.Plan.Configuration.Options);
        Require(
            KilledInAnyRequestTests.Json(wanted) == KilledInAnyRequestTests.Json(state),
            $"the state is\n  {KilledInAnyRequestTests.Json(state)}\nand by the log\n  {KilledInAnyRequestTests.Json(wanted)}");
        var (_, due) = KilledInAnyRequestTests.Judge(_log, simulation.Plan.Configuration.Options, first);
        var unheard = due.Except(simulation.Heard.All).ToList();
        Require(unheard.Count == 0, $"never announced: {string.Join("; ", unheard)}");
        var invented = simulation.Heard.All.Except(changes).ToList();
        Require(invented.Count == 0, $"announced, and not in the log: {string.Join("; ", invented)}");
    }

    /// <summary>
    /// Nothing is announced twice without an excuse. Where several processes kept records of the same time while the storage was away, the
    /// log is not in the order of time, and what it says twice is judged twice: docs/testing.md.
    /// </summary>
    private void HoldRepetitions()
    {
        if (_log.Zip(_log.Skip(1)).All(pair => pair.First.Tick <= pair.Second.Tick) && !simulation.HasLostState)
        {
            // An alert that is triggered again within its window has the same start, and so the same words.
            var (_, changes) = KilledInAnyRequestTests.Judge(_log, simulation.Plan.Configuration.Options);
            // So may one that a process has judged in another order, because the storage was away.
            var again = changes.GroupBy(change => change).Where(same => same.Count() > 1).Select(same => same.Key).ToHashSet();
            var isOrdered = !simulation.Processes.Any(process => process.HasFailed);
            var repeated = simulation.Heard.Repeated
                .Where(one => !again.Contains(one.Message) && (isOrdered || !one.FollowsOpposite))
                .Concat(simulation.Plan.HasWrongClocks ? [] : simulation.Taken.Repeated);
            _faults.AddRange(repeated.Select(one => one.Fault));
        }
    }

    private void RequireHeard(string name, string part) => Require(
        simulation.Heard.All.Any(message =>
            message.StartsWith(name, StringComparison.Ordinal) && message.Contains(part, StringComparison.Ordinal)),
        $"never announced: {name}{part}");

    /// <summary>Once nothing goes wrong any more, each tick is recorded, and by one process where there is a lease.</summary>
    private void HoldProgress()
    {
        var options = simulation.Plan.Configuration.Options;
        var last = options.Schedule.Last(simulation.Plan.End);
        var ticks = simulation.Processes.SelectMany(process => process.Recorded).Where(tick => tick == last).Count();
        var wanted = simulation.Plan.UsesLease ? 1 : simulation.Plan.Processes;
        Require(ticks == wanted, $"the last tick, {last:O}, was recorded {ticks} times and not {wanted}");
        var latest = JsonSerializer.Deserialize(simulation.Memory.Text(LatestRun.BlobName), TrendsJson.Default.LatestRun)!;
        Require(latest.Record.Tick == last, $"the latest run is that of {latest.Record.Tick:O}");
        var late = simulation.World.Now - TimeSpan.FromDays(1);
        if (simulation.Plan.HasWebhook)
        {
            var state = JsonSerializer.Deserialize(simulation.Memory.Text(TrendState.BlobName), TrendsJson.Default.TrendState)!;
            var moments = state.Incidents.SelectMany(one => one.Incident.Timeline, (one, moment) => (one.Incident, moment));
            foreach (var (incident, moment) in moments)
            {
                var delivery = $"{incident.Id}/{moment.Event.Name()}/{UtcJsonConverter.Format(moment.Tick)}";
                var isOld = moment.Tick < late || incident.Timeline.Any(end => end.Event == IncidentEvent.Resolved
                    && end.Tick >= moment.Tick && end.Tick < simulation.FirstToDeliver?.FirstRun);
                Require(isOld || simulation.Taken.All.Contains(delivery), $"never posted: {delivery}");
            }
        }
    }
}
