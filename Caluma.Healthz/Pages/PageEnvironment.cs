using Caluma.Healthz.Configuration;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Pages;

/// <summary>The data of the pages besides the history: the name of the environment, the addresses of targets, and maintenance.</summary>
internal sealed class PageEnvironment(HealthzConfiguration configuration)
{
    /// <summary>The version of the probe.</summary>
    public static string Version { get; } = typeof(PageEnvironment).Assembly.GetName().Version?.ToString(3) ?? "";

    public string? Name => configuration.Options.Name;

    public Uri? RunbookUrl => configuration.Options.RunbookUrl;

    /// <summary>The name and version for a heading, a tab or a footer: <c>production · 0.1.0</c>.</summary>
    public string Label => Name is null ? Version : $"{Name} · {Version}";

    public Schedule Schedule => configuration.Options.Schedule;

    /// <summary>The windows of the rules.</summary>
    public RuleWindows Windows { get; } = new(configuration.Options);

    /// <summary>
    /// The address of a target, without secrets, as <c>config</c> shows it; null where the target is no longer
    /// configured.
    /// </summary>
    public string? AddressOf(Check check, string target) => configuration.AddressOf(check, target);

    /// <summary>The active maintenance window; of several the one that ends last.</summary>
    public MaintenanceWindow? ActiveMaintenance(DateTimeOffset now) =>
        configuration.Options.Maintenance.Where(window => window.Contains(now)).MaxBy(window => window.End);

    /// <summary>The maintenance windows that begin after a moment, the next first.</summary>
    public IEnumerable<MaintenanceWindow> ComingMaintenance(DateTimeOffset now) =>
        configuration.Options.Maintenance.Where(window => window.Start > now).OrderBy(window => window.Start);
}
