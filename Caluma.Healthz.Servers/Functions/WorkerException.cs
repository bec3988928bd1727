namespace Caluma.Healthz.Servers.Functions;

/// <summary>A failure of a worker or of an invocation.</summary>
internal sealed class WorkerException(string message) : Exception(message);
