namespace Caluma.Healthz.Tests.Functions.Host;

/// <summary>A worker that failed, or an invocation in it.</summary>
internal sealed class WorkerException(string message) : Exception(message);
