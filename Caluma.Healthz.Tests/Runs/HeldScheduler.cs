using System.Collections.Concurrent;

namespace Caluma.Healthz.Tests.Runs;

/// <summary>A process that has no time: what is to be run waits until the test releases it.</summary>
internal sealed class HeldScheduler : TaskScheduler
{
    private readonly ConcurrentQueue<Task> _held = [];
    private volatile bool _released;

    /// <summary>How many tasks wait.</summary>
    public int Held => _held.Count;

    /// <summary>Runs what waits, and from now on everything at once.</summary>
    public void Release()
    {
        _released = true;
        while (_held.TryDequeue(out var task))
        {
            TryExecuteTask(task);
        }
    }

    protected override void QueueTask(Task task)
    {
        if (_released)
        {
            ThreadPool.QueueUserWorkItem(_ => TryExecuteTask(task));
        }
        else
        {
            _held.Enqueue(task);
        }
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => _held;
}
