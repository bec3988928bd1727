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
    public async Task Of_three_replicas_that_start_at_once_without_a_container_one_records()
    {
        await _replicas[0].Container.DeleteAsync(cancellationToken: Cancel);

        var holds = await Task.WhenAll(_replicas.Select(replica => Task.Run(() => Lease(replica).TryHoldAsync(Cancel))));

        Assert.Single(holds, held => held);
    }

    [Fact]
    public async Task After_a_stop_another_replica_records_the_next_tick()
    {
        Assert.Equal([true, false, false], await TryHoldAsync());

        await Lease(_replicas[0]).ReleaseAsync();

        Assert.True(await Lease(_replicas[1]).TryHoldAsync(Cancel));
        Assert.Equal([false, true, false], await TryHoldAsync());
    }

    [Fact]
    public async Task A_replica_without_the_lease_does_not_release_it()
    {
        Assert.Equal([true, false, false], await TryHoldAsync());

        await Lease(_replicas[1]).ReleaseAsync();

        Assert.Equal([true, false, false], await TryHoldAsync());
    }

    [Fact]
    public async Task After_a_kill_another_replica_records_when_the_lease_has_expired()
    {
        await using var killed = _replicas[0].Again((await services.Azurite).ConnectionString, "Healthz__Schedule=*/5 * * * * *");
        Assert.True(await Lease(killed).TryHoldAsync(Cancel));
        Assert.False(await Lease(_replicas[1]).TryHoldAsync(Cancel));

        // 15 s on the storage's clock, the minimum.
        await Deadline.UntilAsync("the lease lapses", () => Lease(_replicas[1]).TryHoldAsync(Cancel));

        Assert.False(await Lease(killed).TryHoldAsync(Cancel));
    }

    [Fact]
    public async Task A_lease_that_an_operator_breaks_is_taken_after_the_break()
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
    public async Task Every_replica_records_while_the_storage_is_down(string fault)
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

    /// <remarks>The blob is missing, and then the storage fails.</remarks>
    [Theory]
    [InlineData("PUT")]
    [InlineData($"PUT {Lock}")]
    public async Task Every_replica_records_when_the_storage_fails_during_the_creation_of_the_blob(string step)
    {
        await using var proxy = await StorageProxy.StartAsync(await services.Azurite);
        await using var replica = await RecordedOnAzurite.StartNewAsync(services, proxy);
        await replica.Container.DeleteAsync(cancellationToken: Cancel);
        proxy.Fault = request => $"{request}" == step ? StorageFault.Cut : null;

        Assert.True(await InTimeAsync(replica, Lease(replica).TryHoldAsync(Cancel)));
    }

    [Fact]
    public async Task A_process_that_stops_does_not_wait_for_the_lease()
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

    /// <summary>Advances the clock by two seconds, after which a waiting run would be late.</summary>
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
