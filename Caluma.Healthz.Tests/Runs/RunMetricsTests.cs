using System.Diagnostics.Metrics;
using System.Globalization;
using Caluma.Healthz.Checks;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.Runs;
using Caluma.Healthz.Tests.Configuration;
using Microsoft.Extensions.Time.Testing;

namespace Caluma.Healthz.Tests.Runs;

public sealed class RunMetricsTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _measured = [];
    private readonly MeterListener _listener = new();
    private int? _creator;

    public RunMetricsTests()
    {
        // Other tests have meters of the same name.
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == RunMetrics.MeterName && Environment.CurrentManagedThreadId == _creator)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.Start();
    }

    public void Dispose() => _listener.Dispose();

    [Fact]
    public void A_run_without_a_verdict_is_a_starved_one_and_no_failed_one()
    {
        using var metrics = Create();

        metrics.Ran(Report(CheckResult.WithoutVerdict(Check.Caches, "a", TimeSpan.Zero)));
        metrics.Ran(Report(CheckResult.WithoutVerdict(Check.Caches, "a", TimeSpan.Zero), Passed("b")));

        Assert.Equal(
            [
                "healthz.starved_runs 1", "healthz.starved_runs 1", "healthz.runs 1 [ok, true]",
                "healthz.check.duration 0 [check, caches],[target, b]",
            ],
            _measured);
        Assert.Equal(["healthz.check.ok 1 [check, caches],[target, b]"], Observed("healthz.check.ok"));
    }

    [Fact]
    public void A_failure_has_its_reason_and_what_passes_has_none()
    {
        using var metrics = Create();

        metrics.Ran(Report(new CheckResult(Check.DatabaseModels, "default", TimeSpan.FromSeconds(5), Reason.ReadOnly)));
        Assert.Equal(
            ["healthz.check.duration 5 [check, database-models],[target, default],[reason, read-only]"],
            _measured.Where(line => line.StartsWith("healthz.check.", StringComparison.Ordinal)));
        Assert.Equal(
            ["healthz.check.ok 0 [check, database-models],[target, default],[reason, read-only]"], Observed("healthz.check.ok"));

        metrics.Ran(Report(new CheckResult(Check.DatabaseModels, "default", TimeSpan.Zero, null)));
        Assert.Equal(["healthz.check.ok 1 [check, database-models],[target, default]"], Observed("healthz.check.ok"));
    }

    [Theory]
    [InlineData("00:02:00", "Healthz__History__Folder=/var/lib/caluma-healthz", "Healthz__Schedule=0 * * * * *")]
    [InlineData("02:00:00", "Healthz__History__Folder=/var/lib/caluma-healthz", "Healthz__Schedule=0 0 * * * *")]
    [InlineData("00:05:00")]
    public void An_instance_that_runs_nothing_any_more_repeats_no_verdict_but_says_how_old_it_is(string fresh, params string[] settings)
    {
        using var metrics = Create(settings);
        var time = TimeSpan.Parse(fresh, CultureInfo.InvariantCulture);

        metrics.Ran(Report(Passed("default")));
        _time.Advance(time);
        Assert.Single(Observed("healthz.check.ok"));
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Empty(Observed("healthz.check.ok"));
        Assert.Equal(
            [FormattableString.Invariant($"healthz.check.age {time.TotalSeconds + 1} [check, caches],[target, default]")],
            Observed("healthz.check.age"));
    }

    [Fact]
    public void The_objective_is_a_share()
    {
        using var metrics = Create("Healthz__Slo=99.9");

        Assert.Equal(["healthz.objective 0.999"], Observed("healthz.objective").Select(line => line.Trim()));
    }

    private static CheckResult Passed(string target) => new(Check.Caches, target, TimeSpan.Zero, null);

    private static RunReport Report(params CheckResult[] results) => new(CheckSet.All, results, DateTimeOffset.UnixEpoch, TimeSpan.Zero);

    private RunMetrics Create(params string[] settings)
    {
        _creator = Environment.CurrentManagedThreadId;
        var metrics = new RunMetrics(Settings.ReadOptions(settings), _time);
        _creator = null;
        return metrics;
    }

    private List<string> Observed(string name)
    {
        _measured.Clear();
        _listener.RecordObservableInstruments();
        return [.. _measured.Where(line => line.StartsWith($"{name} ", StringComparison.Ordinal))];
    }

    private void Note<T>(Instrument instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _measured.Add(
            string.Create(CultureInfo.InvariantCulture, $"{instrument.Name} {value} {string.Join(',', tags.ToArray())}").TrimEnd());
}
