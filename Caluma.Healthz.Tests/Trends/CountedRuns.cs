using Caluma.Healthz.History;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Tests.Trends;

/// <summary>What a <see cref="SeriesState"/> must say, counted from the runs themselves; one run a minute is due.</summary>
internal sealed class CountedRuns
{
    private static readonly TimeSpan _hour = TimeSpan.FromHours(1);

    private static readonly (TimeSpan Width, TimeSpan Kept)[] _resolutions =
        [(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10)), (TimeSpan.FromMinutes(5), 7 * _hour), (_hour, 8 * 24 * _hour)];

    private readonly List<Counted> _runs = [];
    private readonly List<DateTimeOffset> _changes = [];
    private DateTimeOffset? _newestCounted;
    private bool? _ok;

    public DateTimeOffset First => _runs.Min(run => run.Tick);

    public DateTimeOffset? LastFailure => Failures.Max(run => (DateTimeOffset?)run.Tick);

    public DateTimeOffset? LastPair => Failures.Where(run => run.IsPair).Max(run => (DateTimeOffset?)run.Tick);

    public int Streak { get; private set; }

    private IEnumerable<Counted> Failures => _runs.Where(run => run is { Maintenance: false, Check.Ok: false });

    public void Add(DateTimeOffset tick, CheckRecord check, bool maintenance)
    {
        foreach (var run in _runs)
        {
            for (var at = 0; at < _resolutions.Length; at++)
            {
                run.IsForgotten[at] |= Timeline.Floor(run.Tick, _resolutions[at].Width) <= tick - _resolutions[at].Kept;
            }
        }

        var endsShortRow = false;
        if (!maintenance)
        {
            endsShortRow = check.Ok && _ok is false && Streak <= 2;
            Streak = _ok == check.Ok && !(tick - _newestCounted > TimeSpan.FromMinutes(3)) ? Streak + 1 : 1;
            if (_ok is not null && _ok != check.Ok)
            {
                _changes.Add(tick);
            }

            (_ok, _newestCounted) = (check.Ok, tick);
        }

        _changes.RemoveAll(change => change <= tick - _hour);
        _changes.RemoveRange(0, Math.Max(0, _changes.Count - 64));
        var isFailure = !maintenance && !check.Ok;
        _runs.Add(new Counted(
            tick, check, maintenance, IsSecond: isFailure && Streak == 2, endsShortRow, IsPair: isFailure && Streak > 1, new bool[3]));
    }

    public int CountChanges(DateTimeOffset now) => _changes.Count(change => change <= now);

    public RunCount Count(DateTimeOffset now, TimeSpan window)
    {
        if (!(LastFailure > now - window))
        {
            return default;
        }

        var counted = In(now, window).Where(run => !run.Maintenance).ToList();
        return new RunCount(
            counted.Count, counted.Count(run => !run.Check.Ok), counted.Count(run => run.IsSecond), counted.Count(run => run.EndsShortRow));
    }

    public DateTimeOffset? FirstFailure(DateTimeOffset now, TimeSpan window)
    {
        var current = Timeline.Floor(_runs.Max(run => run.Tick), _hour);
        var ofCurrent = Resolution(window) == 2 ? _runs.Where(run => Timeline.Floor(run.Tick, _hour) == current) : [];
        return In(now, window).Concat(ofCurrent).Where(run => run is { Maintenance: false, Check.Ok: false })
            .Min(run => (DateTimeOffset?)run.Tick);
    }

    /// <summary>How many runs of a window failed by the timeout, and how many were during maintenance.</summary>
    public (int TimedOut, int Excluded) CountOthers(DateTimeOffset now, TimeSpan window) => (
        In(now, window).Count(run => run is { Maintenance: false, Check: { Ok: false, Reason: Reason.Timeout } }),
        In(now, window).Count(run => run.Maintenance));

    private static int Resolution(TimeSpan window) => window <= TimeSpan.FromMinutes(10) ? 0 : window <= 6 * _hour ? 1 : 2;

    private IEnumerable<Counted> In(DateTimeOffset now, TimeSpan window)
    {
        var at = Resolution(window);
        return _runs.Where(run => !run.IsForgotten[at] && Timeline.IsIn(Timeline.Floor(run.Tick, _resolutions[at].Width), now, window));
    }

    private sealed record Counted(
        DateTimeOffset Tick, CheckRecord Check, bool Maintenance, bool IsSecond, bool EndsShortRow, bool IsPair, bool[] IsForgotten);
}
