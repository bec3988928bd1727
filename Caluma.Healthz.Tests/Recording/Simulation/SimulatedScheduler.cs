namespace Caluma.Healthz.Tests.Recording.Simulation;

/// <summary>Runs the tasks of a process as steps of the world, so that each await is a place where another may come first.</summary>
internal sealed class SimulatedScheduler(SimulatedWorld world, SimulatedProcess process) : TaskScheduler
{
    protected override void QueueTask(Task task) => world.After(TimeSpan.Zero, process, () => TryExecuteTask(task));

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => [];
}
