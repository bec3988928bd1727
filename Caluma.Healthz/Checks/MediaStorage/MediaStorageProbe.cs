using System.Security.Cryptography;
using Caluma.Healthz.Configuration;

namespace Caluma.Healthz.Checks.MediaStorage;

/// <summary>Uploads a fresh object, looks at its size, downloads and compares it, and deletes it.</summary>
internal sealed class MediaStorageProbe(IMediaStore store, TimeSpan timeout, TimeProvider time) : IProbe, IAsyncDisposable
{
    /// <summary>As in Caluma 9.3.3, whose objects the sweep may delete too.</summary>
    private const string NamePrefix = "healthz_tmp-object_";

    private const int ContentLength = 256;

    /// <summary>What is older than this belongs to no run that is still alive, of this process or of another.</summary>
    private static readonly TimeSpan _leftoverAge = TimeSpan.FromHours(1);

    private long? _lastSweep;
    private int _saidKept;

    public string Target => CheckTargets.MediaStorage;

    public IReadOnlyList<Check> Checks { get; } = [Check.MediaStorageService];

    public async Task RunAsync(ProbeRun run, CancellationToken cancellationToken)
    {
        var name = $"{NamePrefix}{Guid.NewGuid()}";
        var content = RandomNumberGenerator.GetBytes(ContentLength);
        string? version = null;
        try
        {
            version = await store.UploadAsync(name, content, cancellationToken);
            var intact = await store.GetSizeAsync(name, cancellationToken) == ContentLength
                && (await store.DownloadAsync(name, ContentLength + 1, cancellationToken)).AsSpan().SequenceEqual(content);
            await DeleteAsync(name, version, run, cancellationToken);
            if (!intact)
            {
                run.Fail(Check.MediaStorageService, Reason.Mismatch);
                return;
            }
        }
        catch (Exception exception)
        {
            // Answer first: the delete may take as long as what failed.
            run.Fail(
                Check.MediaStorageService,
                cancellationToken.IsCancellationRequested ? run.Explain(exception, Reason.Timeout) : run.Explain(exception));
            await TryDeleteAsync(name, version, run);
            return;
        }

        run.Pass(Check.MediaStorageService);
        await SweepAsync(run, cancellationToken);
    }

    public Reason ReasonFor(Exception exception) => store.ReasonFor(exception);

    public ValueTask DisposeAsync()
    {
        (store as IDisposable)?.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Deletes the object, and says once where something of it must stay: it is no fault of the storage, and piles up.</summary>
    private async Task DeleteAsync(string name, string? version, ProbeRun run, CancellationToken cancellationToken)
    {
        if (!await store.DeleteAsync(name, version, cancellationToken) && Interlocked.Exchange(ref _saidKept, 1) == 0)
        {
            MediaStorageLog.ObjectKept(run.Logger, Target);
        }
    }

    /// <remarks>Even an upload that failed may have landed, so it is deleted too, and after the deadline as well.</remarks>
    private async Task TryDeleteAsync(string name, string? version, ProbeRun run)
    {
        using var cleanUp = new CancellationTokenSource(timeout, time);
        try
        {
            await DeleteAsync(name, version, run, cleanUp.Token);
        }
        catch (Exception exception)
        {
            // The verdict is formed; what stays is swept by a later run.
            run.Explain(exception);
        }
    }

    /// <summary>Once an hour, deletes what killed runs have left. No part of the verdict.</summary>
    private async Task SweepAsync(ProbeRun run, CancellationToken cancellationToken)
    {
        if (_lastSweep is { } last && time.GetElapsedTime(last) < _leftoverAge)
        {
            return;
        }

        _lastSweep = time.GetTimestamp();
        try
        {
            await store.SweepAsync(NamePrefix, time.GetUtcNow() - _leftoverAge, cancellationToken);
        }
        catch (Exception exception)
        {
            // To list or to delete may not be permitted; the next hour tries again.
            run.Explain(exception);
        }
    }
}
