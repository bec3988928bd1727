namespace Caluma.Healthz.Server.Commands;

/// <summary>The exit codes of the commands.</summary>
internal static class ExitCode
{
    public const int Healthy = 0;
    public const int Unhealthy = 1;

    /// <summary>No check ran, because the configuration or the command line is invalid.</summary>
    public const int Invalid = 2;
}
