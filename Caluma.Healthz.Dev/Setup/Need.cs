namespace Caluma.Healthz.Dev.Setup;

/// <summary>What a command needs on the machine besides the SDK.</summary>
internal enum Need
{
    Postgres,
    Redis,
    Azurite,
    Memcached,
    PgBouncer,
    S3,
    Kql,
    Browser,
    CoreTools,
    Alertmanager,
}
