using System.Globalization;
using Caluma.Healthz.Checks;
using Caluma.Healthz.Runs;
using Caluma.Healthz.Tests.Configuration;
using Microsoft.Extensions.Time.Testing;

namespace Caluma.Healthz.Tests.Runs;

public sealed class RunMetricsTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly Measurements _measurements = new();

    public void Dispose() => _measurements.Dispose();

    [Fact]
    public void A_run_without_a_verdict_counts_as_starved_and_not_as_failed()
    {
        using var metrics = Create();

        metrics.CountRun(Report(CheckResult.WithoutVerdict(Check.Caches, "a", TimeSpan.Zero)));
        metrics.CountRun(Report(CheckResult.WithoutVerdict(Check.Caches, "a", TimeSpan.Zero), Passed("b")));

        Assert.Equal(
            [
                "healthz.starved_runs 1", "healthz.starved_runs 1", "healthz.runs 1 [ok, true]",
                "healthz.check.duration 0 [check, caches],[target, b]",
            ],
            _measurements.All);
        Assert.Equal(["healthz.check.ok 1 [check, caches],[target, b]"], _measurements.Observe("healthz.check.ok"));
    }

    [Fact]
    public void A_failure_has_its_reason_and_what_passes_has_none()
    {
        using var metrics = Create();

        metrics.CountRun(Report(new CheckResult(Check.DatabaseModels, "default", TimeSpan.FromSeconds(5), Reason.ReadOnly)));
        Assert.Contains(
            "healthz.check.duration 5 [check, database-models],[target, default],[reason, read-only]", _measurements.All);
        Assert.Equal(
            ["healthz.check.ok 0 [check, database-models],[target, default],[reason, read-only]"],
            _measurements.Observe("healthz.check.ok"));

        metrics.CountRun(Report(new CheckResult(Check.DatabaseModels, "default", TimeSpan.Zero, null)));
        Assert.Equal(["healthz.check.ok 1 [check, database-models],[target, default]"], _measurements.Observe("healthz.check.ok"));
    }

    [Theory]
    [InlineData("00:02:00", "Healthz__History__Folder=/var/lib/caluma-healthz", "Healthz__Schedule=0 * * * * *")]
    [InlineData("02:00:00", "Healthz__History__Folder=/var/lib/caluma-healthz", "Healthz__Schedule=0 0 * * * *")]
    [InlineData("00:05:00")]
    public void An_instance_that_runs_nothing_any_more_repeats_no_verdict_but_says_how_old_it_is(string fresh, params string[] settings)
    {
        using var metrics = Create(settings);
        var time = TimeSpan.Parse(fresh, CultureInfo.InvariantCulture);

        metrics.CountRun(Report(Passed("default")));
        _time.Advance(time);
        Assert.Single(_measurements.Observe("healthz.check.ok"));
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Empty(_measurements.Observe("healthz.check.ok"));
        Assert.Equal(
            [FormattableString.Invariant($"healthz.check.age {time.TotalSeconds + 1} [check, caches],[target, default]")],
            _measurements.Observe("healthz.check.age"));
    }

    [Fact]
    public void The_objective_is_a_share()
    {
        using var metrics = Create("Healthz__Slo=99.9");

        Assert.Equal(["healthz.objective 0.999"], _measurements.Observe("healthz.objective"));
    }

    private static CheckResult Passed(string target) => new(Check.Caches, target, TimeSpan.Zero, null);

    private static RunReport Report(params CheckResult[] results) => new(CheckSet.All, results, DateTimeOffset.UnixEpoch, TimeSpan.Zero);

    private RunMetrics Create(params string[] settings) =>
        _measurements.Measure(() => new RunMetrics(Settings.ReadOptions(settings), _time));
}
