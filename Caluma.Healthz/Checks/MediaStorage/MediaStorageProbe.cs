using System.Security.Cryptography;
using Caluma.Healthz.Configuration;

namespace Caluma.Healthz.Checks.MediaStorage;

/// <summary>Uploads a fresh object, checks its size, downloads and compares it, and deletes it.</summary>
internal sealed class MediaStorageProbe(IMediaStore store, TimeSpan timeout, TimeProvider time) : IProbe, IAsyncDisposable
{
    /// <summary>The prefix of Caluma 9.3.3. The sweep deletes Caluma's leftovers, too.</summary>
    private const string NamePrefix = "healthz_tmp-object_";

    private const int ContentLength = 256;

    /// <summary>An older object cannot belong to a run in progress, in this process or another.</summary>
    private static readonly TimeSpan _leftoverAge = TimeSpan.FromHours(1);

    private long? _lastSweep;
    private int _saidKept;

    public string Target => CheckTargets.MediaStorage;

    public IReadOnlyList<Check> Checks { get; } = [Check.MediaStorageService];

    public IReadOnlyList<string> HostNames { get; } = NameLookups.NamesOf([NameLookups.HostOf(store.Address)]);

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
            // Answer first: the delete may take as long as the step that failed.
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

    /// <summary>Deletes the object. Versions that a lock keeps are no failure, but they pile up, so they are logged once.</summary>
    private async Task DeleteAsync(string name, string? version, ProbeRun run, CancellationToken cancellationToken)
    {
        if (!await store.DeleteAsync(name, version, cancellationToken) && Interlocked.Exchange(ref _saidKept, 1) == 0)
        {
            MediaStorageLog.ObjectKept(run.Logger, Target);
        }
    }

    /// <remarks>
    /// A failed upload may have landed all the same, so the object is deleted after failures, and after the deadline as
    /// well.
    /// </remarks>
    private async Task TryDeleteAsync(string name, string? version, ProbeRun run)
    {
        using var cleanUp = new CancellationTokenSource(timeout, time);
        try
        {
            await DeleteAsync(name, version, run, cleanUp.Token);
        }
        catch (Exception exception)
        {
            // The verdict is given already; a later sweep deletes the object.
            run.Explain(exception);
        }
    }

    /// <summary>Once an hour, deletes the objects of killed runs. It has no part in the verdict.</summary>
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
            // The probe may lack the right to list or delete; the next sweep tries again.
            run.Explain(exception);
        }
    }
}
