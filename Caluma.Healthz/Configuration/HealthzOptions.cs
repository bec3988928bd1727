using Caluma.Healthz.Migrations;

namespace Caluma.Healthz.Configuration;

/// <summary>What to probe, and how. Read and validated by <see cref="HealthzConfiguration"/>.</summary>
internal sealed class HealthzOptions
{
    /// <value>Whether the routes answer at all (<c>ENABLE_HEALTHZ_ENDPOINT</c>). Default: false.</value>
    public bool Enabled { get; set; }

    /// <value>What people call this environment, on pages and in incidents, at most 60 characters; null where it has no name.</value>
    public string? Name { get; set; }

    /// <value>Where the operators have written down what to do, http or https; null where they have not.</value>
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

    /// <value>Where runs are recorded; null where they are not.</value>
    public HistoryOptions? History { get; set; }

    /// <value>The objective per check and target: how many percent of its runs pass, from 50 to 99.999. Default: 99.5.</value>
    public double Slo { get; set; } = 99.5;

    /// <value>When runs are recorded, but neither counted nor alerted on.</value>
    public IList<MaintenanceWindow> Maintenance { get; } = [];

    /// <value>The Alertmanager that is told of incidents, http or https, perhaps with a user and password; null where none is.</value>
    public Uri? Alertmanager { get; set; }

    /// <value>Where each thing that becomes of an incident is posted, http or https; null where it is not.</value>
    public Uri? Webhook { get; set; }

    /// <value>What those posts are signed with, at least 16 characters; null where they are not.</value>
    public string? WebhookSecret { get; set; }

    /// <value>Which migrations must be applied. Default: those of the newest release that the database shows.</value>
    internal IMigrationExpectation Migrations { get; set; } = MigrationExpectation.Auto;
}
