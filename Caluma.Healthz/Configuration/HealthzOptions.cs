using Caluma.Healthz.Migrations;

namespace Caluma.Healthz.Configuration;

/// <summary>The options of the probe, read and validated by <see cref="HealthzConfiguration"/>.</summary>
internal sealed class HealthzOptions
{
    /// <value>Whether the routes answer at all (<c>ENABLE_HEALTHZ_ENDPOINT</c>). Default: false.</value>
    public bool Enabled { get; set; }

    /// <value>The name of this environment on pages and in incidents, at most 60 characters; null where it has none.</value>
    public string? Name { get; set; }

    /// <value>The address of the operators' runbook, http or https; null where they have none.</value>
    public Uri? RunbookUrl { get; set; }

    /// <value>The databases to probe, one alias each.</value>
    public IList<DatabaseOptions> Databases { get; } = [];

    /// <value>The caches to probe, one alias each.</value>
    public IList<CacheOptions> Caches { get; } = [];

    /// <value>The media storage to probe; null where none is configured.</value>
    public IMediaStorageOptions? MediaStorage { get; set; }

    /// <value>The checks to run. Default: all five.</value>
    public CheckSet Checks { get; set; } = CheckSet.All;

    /// <value>How long any target may take, from 0.1 s to 60 s. Default: 5 s.</value>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <value>How long the result of a run is shared after its end, from 0 to 5 min. Default: 1 s.</value>
    public TimeSpan MinInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <value>When runs are recorded. Default: every minute.</value>
    public Schedule Schedule { get; set; } = Schedule.EveryMinute;

    /// <value>The place of the history; null where runs are not recorded.</value>
    public HistoryOptions? History { get; set; }

    /// <value>The objective for each check and target: the percentage of runs that must pass, from 50 to 99.999. Default: 99.5.</value>
    public double Slo { get; set; } = 99.5;

    /// <value>The times in which runs are recorded, but neither counted nor alerted on.</value>
    public IList<MaintenanceWindow> Maintenance { get; } = [];

    /// <value>The Alertmanager that gets the incidents: http or https, with a user and password if it needs them; null for none.</value>
    public Uri? Alertmanager { get; set; }

    /// <value>The address to which each event of an incident is posted, http or https; null for none.</value>
    public Uri? Webhook { get; set; }

    /// <value>The secret that signs those posts, at least 16 characters; null for unsigned posts.</value>
    public string? WebhookSecret { get; set; }

    /// <value>The migrations that must be applied. Default: those of the newest release that is complete in the database.</value>
    internal IMigrationExpectation Migrations { get; set; } = NewestCompleteRelease.Auto;
}
