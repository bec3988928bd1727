namespace Caluma.Healthz.Dev.Setup;

/// <summary>The programs that a command needs besides the SDK.</summary>
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
    Prometheus,
    Compose,
    Helm,
    NativeCompiler,
    Fuzzer,
}
