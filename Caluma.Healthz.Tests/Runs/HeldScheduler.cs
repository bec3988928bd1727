using System.Collections.Concurrent;

namespace Caluma.Healthz.Tests.Runs;

/// <summary>A task scheduler of a busy process: tasks wait until the test releases them.</summary>
internal sealed class HeldScheduler : TaskScheduler
{
    private readonly ConcurrentQueue<Task> _held = [];
    private volatile bool _released;

    /// <summary>The number of waiting tasks.</summary>
    public int Held => _held.Count;

    /// <summary>Runs the waiting tasks, and later ones at once.</summary>
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
