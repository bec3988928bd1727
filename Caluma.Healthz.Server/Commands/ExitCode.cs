namespace Caluma.Healthz.Server.Commands;

/// <summary>What scripts can rely on.</summary>
internal static class ExitCode
{
    public const int Healthy = 0;
    public const int Unhealthy = 1;

    /// <summary>Nothing was checked: the configuration or the command line is wrong.</summary>
    public const int Invalid = 2;
}
