using System.Runtime.CompilerServices;
using Azure;
using Caluma.Healthz.History;
using Caluma.Healthz.Notifications;
using Caluma.Healthz.Tests.History;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Tests.Recording.Simulation;

/// <summary>
/// The storage as one process sees it. A request arrives and an answer comes back as steps of the world, and either may fail, be late, or
/// never come. A request on its way goes on without its sender: it may be done after the process has given up, or was killed.
/// </summary>
internal sealed class SimulatedStorage(SimulatedWorld world, SimulatedProcess process, MemoryHistoryStorage memory, SimulatedFaults faults)
    : IHistoryStorage
{
    public long Calls { get; private set; }

    public Task<bool> ExistsAsync(CancellationToken cancellationToken) =>
        AskAsync("exists", "", () => memory.ExistsAsync(CancellationToken.None), cancellationToken);

    public Task<long?> AppendAsync(string name, ReadOnlyMemory<byte> lines, CancellationToken cancellationToken) => AskAsync(
        "append",
        name,
        () =>
        {
            if (process.IsDead && world.Happens(300))
            {
                // The process has written to a folder: all that is left is what had reached the file.
                world.NoteDay(HistoryNames.DayOf(name, HistoryNames.Records)!.Value);
                memory.Append(name, System.Text.Encoding.UTF8.GetString(lines.Span[..world.Chance.Next(1, lines.Length)]));
                return Task.FromResult((long?)null);
            }

            world.NoteDay(HistoryNames.DayOf(name, HistoryNames.Records)!.Value);
            return memory.AppendAsync(name, lines, CancellationToken.None);
        },
        cancellationToken);

    public async Task<Stream?> OpenAsync(string name, long start, long? end, CancellationToken cancellationToken)
    {
        var content = await AskAsync("open", name, () => memory.OpenAsync(name, start, end, CancellationToken.None), cancellationToken);
        if (content is null || !faults.TearsRead())
        {
            return content;
        }

        world.Trace(process, "reads a part of", name);
        process.HasHadFault = true;
        return new CutStream(content, world.Chance.Next(1, 2000));
    }

    public Task<StoredDocument?> ReadAsync(string name, CancellationToken cancellationToken) => AskAsync(
        "read",
        name,
        () =>
        {
            if (name == LatestRun.BlobName)
            {
                process.ReadLatest = (process.Runs, world.Steps);
            }
            else if (name == TrendState.BlobName)
            {
                process.Heard.Drop(process);
            }

            return memory.ReadAsync(name, CancellationToken.None);
        },
        cancellationToken);

    public Task<ETag?> WriteAsync(string name, BinaryData content, ETag? over, CancellationToken cancellationToken)
    {
        // A write that is late says nothing of what was announced meanwhile.
        var sent = world.Steps;
        return AskAsync(
            "write",
            name,
            async () =>
            {
                var written = await memory.WriteAsync(name, content, over, CancellationToken.None);
                if (written is not null && name == LatestRun.BlobName)
                {
                    world.Trace(process, "settles");
                    process.Heard.Settle(process, sent);
                }
                else if (written is not null && name == DeliveryDocument.BlobName)
                {
                    process.Delivers ??= world.Steps;
                }

                return written;
            },
            cancellationToken);
    }

    public async IAsyncEnumerable<StoredItem> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var items = await AskAsync(
            "list",
            prefix,
            () => memory.ListAsync(prefix, CancellationToken.None).ToListAsync(CancellationToken.None).AsTask(),
            cancellationToken);
        foreach (var item in items)
        {
            yield return item;
        }
    }

    public Task DeleteAsync(string name, CancellationToken cancellationToken) => AskAsync(
        "delete",
        name,
        async () =>
        {
            await memory.DeleteAsync(name, CancellationToken.None);
            return true;
        },
        cancellationToken);

    public Task<bool> TryLockAsync(string name, string holder, TimeSpan duration, CancellationToken cancellationToken) =>
        AskAsync("lock", name, () => memory.TryLockAsync(name, holder, duration, CancellationToken.None), cancellationToken);

    public Task UnlockAsync(string name, string holder, CancellationToken cancellationToken) => AskAsync(
        "unlock",
        name,
        async () =>
        {
            await memory.UnlockAsync(name, holder, CancellationToken.None);
            return true;
        },
        cancellationToken);

    private async Task<T> AskAsync<T>(string what, string name, Func<Task<T>> perform, CancellationToken cancellationToken)
    {
        world.RequireThread();
        cancellationToken.ThrowIfCancellationRequested();
        Calls++;
        var fault = faults.Next(what);
        process.HasHadFault |= fault.IsAny;
        world.Trace(process, fault.IsAny ? $"{what} ({fault})" : what, name);
        var answer = new TaskCompletionSource<T>();
        using var given = cancellationToken.UnsafeRegister(_ => answer.TrySetCanceled(cancellationToken), null);
        world.After(fault.Arrives, null, () => Arrive(what, name, fault, perform, answer));
        return await answer.Task;
    }

    private void Arrive<T>(string what, string name, SimulatedFault fault, Func<Task<T>> perform, TaskCompletionSource<T> answer)
    {
        if (process.IsDead && world.Happens(500))
        {
            // Its connection was gone before the request had arrived.
            return;
        }

        Task<T>? done = null;
        for (var times = fault.Times; times > 0; times--)
        {
            // Where a write was sent again, the storage knows it again.
            done = what == "write" ? done ?? perform() : perform();
            world.Trace(process, $"{what} arrives", name);
        }

        if (fault.Answers is { } answers)
        {
            world.After(answers, process, () => Answer(fault.Exception, done, answer));
        }
    }

    private static void Answer<T>(Exception? exception, Task<T>? done, TaskCompletionSource<T> answer)
    {
        if (exception is not null)
        {
            answer.TrySetException(exception);
        }
        else if (done is { IsCompletedSuccessfully: true })
        {
            answer.TrySetResult(done.Result);
        }
        else
        {
            answer.TrySetException(done!.Exception?.InnerException ?? new InvalidOperationException("The memory has waited."));
        }
    }
}
