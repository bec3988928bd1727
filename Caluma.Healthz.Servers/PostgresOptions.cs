using System.Security.Cryptography.X509Certificates;

namespace Caluma.Healthz.Servers;

/// <summary>The options of a PostgreSQL server.</summary>
internal sealed record PostgresOptions
{
    /// <summary>Admits any user of this machine with a password.</summary>
    public static readonly IReadOnlyList<string> PasswordHba = ["host all all 127.0.0.1/32 scram-sha-256"];

    /// <summary>The lines of pg_hba.conf. The line for the administrator of the tests always comes first.</summary>
    public IReadOnlyList<string> Hba { get; init; } = PasswordHba;

    /// <summary>Settings of postgresql.conf, with quotes where they need them.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>The port, which the server then owns; null for any free port.</summary>
    public PortReservation? Port { get; init; }

    /// <summary>
    /// With a certificate the server speaks TLS with clients that ask for it, and requires it where <see cref="Hba"/> has
    /// hostssl.
    /// </summary>
    public X509Certificate2? Certificate { get; init; }
}
