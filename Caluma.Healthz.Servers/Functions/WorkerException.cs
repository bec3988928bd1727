namespace Caluma.Healthz.Servers.Functions;

/// <summary>A worker that failed, or an invocation in it.</summary>
internal sealed class WorkerException(string message) : Exception(message);
