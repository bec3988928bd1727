namespace Caluma.Healthz.Servers;

/// <summary>The ways to stop PostgreSQL, as pg_ctl names them, by the signal of each.</summary>
internal enum PostgresStop
{
    /// <summary>Refuses new connections and waits for the clients to disconnect.</summary>
    Smart = Signal.Terminate,

    /// <summary>Disconnects the clients and rolls back their transactions.</summary>
    Fast = Signal.Interrupt,

    /// <summary>Ends at once; the next start recovers.</summary>
    Immediate = Signal.Quit,
}
