using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Tests.Recording.Simulation;

/// <summary>Hands on what a process says until it is killed.</summary>
internal sealed class SimulatedLogger<T>(SimulatedWorld world, SimulatedProcess process) : ILogger<T>
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        world.RequireThread();
        if (!process.IsDead && IsEnabled(logLevel))
        {
            process.Say($"{eventId.Name}", formatter(state, exception));
        }
    }
}
