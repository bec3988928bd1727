using Caluma.Healthz.Tests.History;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Tests.Recording;

/// <summary>The log has the newest event of an incident again and again, for who has not heard of it the first time.</summary>
public sealed class IncidentRepeaterTests
{
    private const string Repeated = "HealthzIncidentRepeated event=";

    private readonly MemoryHistoryStorage _storage = new();

    [Fact]
    public async Task An_incident_is_repeated_every_five_minutes_until_half_an_hour_after_its_end()
    {
        await using var probe = RecordedProbe.StartOn(_storage);

        var minutes = await MinutesOfRepetitionsAsync(probe, "...xxxxxxxxx" + new string('.', 90));

        // The first run was the first round. It is resolved with the 23rd.
        Assert.Equal([11, 16, 21, 26, 31, 36, 41, 46, 51], minutes);
        Assert.Equal(
            probe.Incidents().Select(message => $"{Repeated}{message}"),
            probe.Events("HealthzIncidentRepeated").Distinct());
        Assert.All(
            probe.Log.GetSnapshot().Where(record => record.Id.Name == "HealthzIncidentRepeated"),
            record => Assert.Equal(LogLevel.Information, record.Level));
    }

    [Theory]
    [InlineData(5, 2)] // And again within the half hour.
    [InlineData(26 * 60, 1)]
    [InlineData(49 * 60, 0)]
    public async Task A_new_process_repeats_the_ends_of_two_days(int minutes, int times)
    {
        await using var probe = RecordedProbe.StartOn(_storage);
        await MinutesOfRepetitionsAsync(probe, "...xxxxx" + new string('.', 20));
        var resolved = Assert.Single(probe.Events("HealthzIncidentResolved"));
        probe.Time.Advance(TimeSpan.FromMinutes(minutes));

        await using var next = probe.Again();
        await next.TickAsync(10);

        // What is missing meanwhile is an incident of its own.
        var repeated = next.Events("HealthzIncidentRepeated")
            .Where(message => message.EndsWith("target=default", StringComparison.Ordinal)).ToList();
        Assert.Equal(Enumerable.Repeat($"{Repeated}{resolved}", times), repeated);
    }

    [Fact]
    public async Task A_history_that_is_away_changes_nothing()
    {
        await using var probe = RecordedProbe.StartOn(_storage);
        await probe.TickAsync();
        _storage.Fault = _ => StorageFault.Cut;

        Assert.Equal([5, 10, 15, 20], await MinutesOfRepetitionsAsync(probe, new string('x', 20)));
    }

    [Fact]
    public async Task Of_two_processes_that_both_record_each_repeats_for_itself_and_no_more()
    {
        await using var probe = RecordedProbe.StartOn(_storage);
        await using var other = probe.Again();
        probe.Fails = other.Fails = Reason.Timeout;
        for (var minute = 0; minute < 30; minute++)
        {
            await (minute % 2 == 0 ? probe : other).TickAsync();
        }

        Assert.InRange(probe.Events("HealthzIncidentRepeated").Count, 4, 6);
        Assert.InRange(other.Events("HealthzIncidentRepeated").Count, 4, 6);
    }

    /// <returns>The numbers of the runs with which something was repeated, from 1 on.</returns>
    private static async Task<IReadOnlyList<int>> MinutesOfRepetitionsAsync(RecordedProbe probe, string runs)
    {
        var minutes = new List<int>();
        for (var minute = 1; minute <= runs.Length; minute++)
        {
            probe.Fails = runs[minute - 1] == 'x' ? Reason.Timeout : null;
            var before = probe.Events("HealthzIncidentRepeated").Count;
            await probe.TickAsync();
            if (probe.Events("HealthzIncidentRepeated").Count > before)
            {
                minutes.Add(minute);
            }
        }

        return minutes;
    }
}
