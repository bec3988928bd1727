namespace Caluma.Healthz.Tests.Fuzzing;

/// <summary>An input has shown a fault.</summary>
internal sealed class FuzzFaultException : Exception
{
    public FuzzFaultException(string message)
        : base(message)
    {
    }

    public FuzzFaultException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public FuzzFaultException()
    {
    }
}
