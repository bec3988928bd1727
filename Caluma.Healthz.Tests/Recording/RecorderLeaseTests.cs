using Azure.Storage.Blobs.Specialized;
using Caluma.Healthz.Recording;
using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.Recording;

[Slow]
public sealed class RecorderLeaseTests(Services services) : IAsyncLifetime
{
    private const string Lock = "recorder.lock";

    private readonly List<RecordedProbe> _replicas = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _replicas.Add(await RecordedOnAzurite.StartNewAsync(services));
        _replicas.Add(_replicas[0].Again());
        _replicas.Add(_replicas[0].Again());
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var replica in _replicas)
        {
            await replica.DisposeAsync();
        }
    }

    [Fact]
    public async Task Of_three_replicas_one_records()
    {
        for (var tick = 0; tick < 3; tick++)
        {
            Assert.Equal([true, false, false], await TryHoldAsync());
        }
    }

    [Fact]
    public async Task Of_three_that_come_at_once_to_a_container_that_is_not_there_one_records()
    {
        await _replicas[0].Container.DeleteAsync(cancellationToken: Cancel);

        var holds = await Task.WhenAll(_replicas.Select(replica => Task.Run(() => Lease(replica).TryHoldAsync(Cancel))));

        Assert.Single(holds, held => held);
    }

    [Fact]
    public async Task When_one_stops_another_records_the_next_tick()
    {
        Assert.Equal([true, false, false], await TryHoldAsync());

        await Lease(_replicas[0]).ReleaseAsync();

        Assert.True(await Lease(_replicas[1]).TryHoldAsync(Cancel));
        Assert.Equal([false, true, false], await TryHoldAsync());
    }

    [Fact]
    public async Task One_that_does_not_hold_it_takes_it_from_nobody_when_it_stops()
    {
        Assert.Equal([true, false, false], await TryHoldAsync());

        await Lease(_replicas[1]).ReleaseAsync();

        Assert.Equal([true, false, false], await TryHoldAsync());
    }

    [Fact]
    public async Task When_one_is_killed_another_records_once_the_lease_has_lapsed()
    {
        await using var killed = _replicas[0].Again((await services.Azurite).ConnectionString, "Healthz__Schedule=*/5 * * * * *");
        Assert.True(await Lease(killed).TryHoldAsync(Cancel));
        Assert.False(await Lease(_replicas[1]).TryHoldAsync(Cancel));

        // 15 s by the storage's clock: the least that it allows.
        await Deadline.UntilAsync("the lease lapses", () => Lease(_replicas[1]).TryHoldAsync(Cancel));

        Assert.False(await Lease(killed).TryHoldAsync(Cancel));
    }

    [Fact]
    public async Task One_that_somebody_breaks_is_not_taken_before_it_is_broken()
    {
        Assert.True(await Lease(_replicas[0]).TryHoldAsync(Cancel));
        var blob = _replicas[0].Container.GetBlobBaseClient(Lock).GetBlobLeaseClient();
        await blob.BreakAsync(TimeSpan.FromSeconds(50), cancellationToken: Cancel);
        Assert.False(await Lease(_replicas[1]).TryHoldAsync(Cancel));

        await blob.BreakAsync(TimeSpan.Zero, cancellationToken: Cancel);

        Assert.True(await Lease(_replicas[1]).TryHoldAsync(Cancel));
    }

    [Theory]
    [InlineData(nameof(FaultMode.Refused))]
    [InlineData(nameof(FaultMode.BlackHole))]
    [InlineData(nameof(FaultMode.AcceptsAndNeverAnswers))]
    [InlineData(nameof(FaultMode.GarbageBytes))]
    [InlineData("403")]
    [InlineData("503")]
    public async Task A_storage_that_is_away_keeps_nobody_from_recording(string fault)
    {
        await using var server = FaultServer.Start(
            fault switch
            {
                nameof(FaultMode.Refused) => FaultMode.Refused,
                nameof(FaultMode.BlackHole) => FaultMode.BlackHole,
                nameof(FaultMode.AcceptsAndNeverAnswers) => FaultMode.AcceptsAndNeverAnswers,
                nameof(FaultMode.GarbageBytes) => FaultMode.GarbageBytes,
                _ => FaultMode.Answering(System.Text.Encoding.ASCII.GetBytes($"HTTP/1.1 {fault} No\r\nContent-Length: 0\r\n\r\n")),
            },
            (await services.Azurite).EndPoint);
        await using var replica = await RecordedOnAzurite.StartNewAsync(services, server);

        Assert.True(await InTimeAsync(replica, Lease(replica).TryHoldAsync(Cancel)));
        await InTimeAsync(replica, ReleaseAsync(replica));

        async Task<bool> ReleaseAsync(RecordedProbe probe)
        {
            await Lease(probe).ReleaseAsync();
            return true;
        }
    }

    /// <remarks>The blob is missing, and then the storage goes away.</remarks>
    [Theory]
    [InlineData("PUT")]
    [InlineData($"PUT {Lock}")]
    public async Task Nor_does_one_that_goes_away_while_the_blob_is_created(string step)
    {
        await using var proxy = await StorageProxy.StartAsync(await services.Azurite);
        await using var replica = await RecordedOnAzurite.StartNewAsync(services, proxy);
        await replica.Container.DeleteAsync(cancellationToken: Cancel);
        proxy.Fault = request => $"{request}" == step ? StorageFault.Cut : null;

        Assert.True(await InTimeAsync(replica, Lease(replica).TryHoldAsync(Cancel)));
    }

    [Fact]
    public async Task A_process_that_stops_does_not_wait_for_it()
    {
        await using var server = FaultServer.Start(FaultMode.AcceptsAndNeverAnswers);
        await using var replica = await RecordedOnAzurite.StartNewAsync(services, server);
        using var stop = new CancellationTokenSource();

        var taking = Lease(replica).TryHoldAsync(stop.Token);
        await server.UntilAskedAsync();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => taking);
    }

    private static RecorderLease Lease(RecordedProbe replica) => replica.Get<RecorderLease>();

    /// <summary>Lets two seconds pass, and no more: a run that waits for the lease is late.</summary>
    private static async Task<bool> InTimeAsync(RecordedProbe replica, Task<bool> task)
    {
        var end = replica.Time.GetUtcNow().AddSeconds(2);
        await Deadline.UntilAsync("it is done", () =>
        {
            if (replica.Time.GetUtcNow() < end)
            {
                replica.Time.Advance(TimeSpan.FromMilliseconds(20));
            }

            return task.IsCompleted;
        });
        return await task;
    }

    private async Task<IReadOnlyList<bool>> TryHoldAsync()
    {
        var holds = new List<bool>();
        foreach (var replica in _replicas)
        {
            holds.Add(await Lease(replica).TryHoldAsync(Cancel));
        }

        return holds;
    }
}
