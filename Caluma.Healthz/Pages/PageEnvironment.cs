using Caluma.Healthz.Configuration;

namespace Caluma.Healthz.Pages;

/// <summary>What the pages know besides the history: how the environment is called, what is checked where, and what is planned.</summary>
internal sealed class PageEnvironment(HealthzConfiguration configuration)
{
    /// <summary>Of the probe.</summary>
    public static string Version { get; } = typeof(PageEnvironment).Assembly.GetName().Version?.ToString(3) ?? "";

    public string? Name => configuration.Options.Name;

    public Uri? RunbookUrl => configuration.Options.RunbookUrl;

    /// <summary>The name and version for a heading, a tab or a footer: <c>production · 0.1.0</c>.</summary>
    public string Label => Name is null ? Version : $"{Name} · {Version}";

    public Schedule Schedule => configuration.Options.Schedule;

    /// <summary>Where a check looks, without secrets, as <c>config</c> shows it; null where it looks nowhere any more.</summary>
    public string? AddressOf(Check check, string target) => configuration.AddressOf(check, target);

    /// <summary>The maintenance that is on at a moment, the one that ends last.</summary>
    public MaintenanceWindow? ActiveMaintenance(DateTimeOffset now) =>
        configuration.Options.Maintenance.Where(window => window.Contains(now)).MaxBy(window => window.End);

    /// <summary>The maintenance that comes after a moment, the next first.</summary>
    public IEnumerable<MaintenanceWindow> ComingMaintenance(DateTimeOffset now) =>
        configuration.Options.Maintenance.Where(window => window.Start > now).OrderBy(window => window.Start);
}
