namespace Caluma.Healthz.Servers;

/// <summary>The ways to stop PostgreSQL, as pg_ctl names them, by the signal of each.</summary>
internal enum PostgresStop
{
    /// <summary>Takes no new connections and waits for the clients to go.</summary>
    Smart = Signal.Terminate,

    /// <summary>Cuts the clients off and rolls back what they were doing.</summary>
    Fast = Signal.Interrupt,

    /// <summary>Drops everything; the next start recovers.</summary>
    Immediate = Signal.Quit,
}
