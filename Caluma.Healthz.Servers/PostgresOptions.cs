using System.Security.Cryptography.X509Certificates;

namespace Caluma.Healthz.Servers;

/// <summary>What sets a PostgreSQL server apart from the plain one.</summary>
internal sealed record PostgresOptions
{
    /// <summary>Anybody from this machine with a password.</summary>
    public static readonly IReadOnlyList<string> PasswordHba = ["host all all 127.0.0.1/32 scram-sha-256"];

    /// <summary>The lines of pg_hba.conf. The line that lets in the administrator of the tests always comes before them.</summary>
    public IReadOnlyList<string> Hba { get; init; } = PasswordHba;

    /// <summary>Settings of postgresql.conf, with quotes where they need them.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Where it listens, from then on its own; null for any free port.</summary>
    public PortReservation? Port { get; init; }

    /// <summary>With it, the server speaks TLS to clients that ask for it (and insists where <see cref="Hba"/> has hostssl).</summary>
    public X509Certificate2? Certificate { get; init; }
}
