namespace Caluma.Healthz.Tests.Checks.Faults;

/// <summary>A kind of server that the probe asks: a column of the fault matrix in docs/testing.md.</summary>
internal enum ProbedSystem
{
    PostgreSQL,
    PgBouncer,
    Redis,
    Sentinel,
    Cluster,
    Memcached,
    S3,
    Blobs,
}
