using Caluma.Healthz.History;
using Caluma.Healthz.Tests.History;

namespace Caluma.Healthz.Tests.Recording;

/// <summary>The deletion of old records and rollups by a recorder.</summary>
public sealed class RetentionTests
{
    private readonly MemoryHistoryStorage _storage = new();

    [Fact]
    public async Task The_first_tick_of_a_day_deletes_old_records()
    {
        await using var probe = RecordedProbe.StartOn(_storage, time: null, "Healthz__History__RetentionDays=30");
        probe.Time.Advance(TimeSpan.FromHours(11.9));
        await probe.TickAsync(2);
        foreach (var days in new[] { 28, 29, 30, 31, 398, 399, 400, 401 })
        {
            var day = Records.Day.AddDays(-days);
            _storage.Put($"records/{day:yyyy'/'MM'/'dd}.jsonl", "");
            _storage.Put(HistoryNames.Rollup(day), "{}");
        }

        await probe.TickAsync(3);
        Assert.Contains("2025/10/18", Days("records/"));
        await probe.TickAsync(3);

        Assert.Equal(["2026/10/24", "2026/10/25", "2026/11/22", "2026/11/23"], Days("records/"));
        Assert.Equal(
            ["2025/10/19", "2025/10/20", "2026/10/22", "2026/10/23", "2026/10/24", "2026/10/25", "2026/11/22", "2026/11/23"],
            Days("rollups/"));
        Assert.Empty(probe.Events("HealthzRetentionFailed", "HealthzRecordFailed"));
    }

    [Fact]
    public async Task A_storage_that_forbids_deletion_is_logged_once_a_day()
    {
        await using var probe = RecordedProbe.StartOn(_storage, time: null, "Healthz__Schedule=0 0 */6 * * *");
        _storage.Fault = request => request.Method == "DELETE" ? StorageFault.Refuse(403, "AuthorizationPermissionMismatch") : null;
        _storage.Put("records/2026/01/01.jsonl", "");

        await probe.TickAsync(12);

        Assert.Equal(Enumerable.Repeat("HealthzRetentionFailed reason=permission", 4), probe.Events("HealthzRetentionFailed"));
        Assert.Empty(probe.Failures());
        Assert.Equal(12, probe.Events("HealthzRunRecorded").Count);
        Assert.Equal(4, await probe.RolledUpAsync(Records.Day.AddDays(2)));
    }

    [Fact]
    public async Task A_slow_deletion_is_no_failed_record()
    {
        await using var probe = RecordedProbe.StartOn(_storage, time: null, "Healthz__Schedule=0 0 */12 * * *");
        await probe.TickAsync();
        _storage.Put("records/2026/01/01.jsonl", "");
        var held = new TaskCompletionSource();
        _storage.Fault = request => request.Method == "DELETE" ? StorageFault.Delay(held.Task) : null;
        await probe.TickAsync();
        probe.PassTime();
        var recording = probe.RecordAsync();
        await Deadline.UntilAsync("it deletes", () => _storage.Requests.Any(request => request.Method == "DELETE"));
        await Deadline.UntilAsync("it gives up", () =>
        {
            probe.Time.Advance(TimeSpan.FromSeconds(1));
            return recording.IsCompleted;
        });
        await recording;
        held.SetResult();

        Assert.Equal(["HealthzRetentionFailed reason=timeout"], probe.Events("HealthzRetentionFailed").Distinct());
        Assert.Empty(probe.Failures());
    }

    private IReadOnlyList<string> Days(string prefix) =>
        [.. _storage.Names.Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .Select(name => name[prefix.Length..(prefix.Length + 10)])];
}
