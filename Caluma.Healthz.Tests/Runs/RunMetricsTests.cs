using System.Diagnostics.Metrics;
using Caluma.Healthz.Checks;
using Caluma.Healthz.Runs;
using Microsoft.Extensions.Time.Testing;

namespace Caluma.Healthz.Tests.Runs;

public sealed class RunMetricsTests
{
    [Fact]
    public void A_run_without_a_verdict_counts_as_starved_and_not_as_failed()
    {
        var counted = new List<string>();
        int? creator = null;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                // Other tests have meters of the same name.
                if (instrument.Meter.Name == RunMetrics.MeterName && Environment.CurrentManagedThreadId == creator)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) =>
            counted.Add($"{instrument.Name} {string.Join(',', tags.ToArray())}"));
        listener.Start();
        creator = Environment.CurrentManagedThreadId;
        using var metrics = new RunMetrics(new FakeTimeProvider());
        creator = null;

        metrics.Ran(Report(CheckResult.WithoutVerdict(Check.Caches, "a", TimeSpan.Zero)));
        metrics.Ran(
            Report(CheckResult.WithoutVerdict(Check.Caches, "a", TimeSpan.Zero), new CheckResult(Check.Caches, "b", TimeSpan.Zero, null)));

        Assert.Equal(["healthz.starved_runs ", "healthz.starved_runs ", "healthz.runs [ok, true]"], counted);
        listener.RecordObservableInstruments();
        Assert.Single(counted, line => line.StartsWith("healthz.check.ok", StringComparison.Ordinal));
    }

    private static RunReport Report(params CheckResult[] results) => new(CheckSet.All, results, DateTimeOffset.UnixEpoch, TimeSpan.Zero);
}
