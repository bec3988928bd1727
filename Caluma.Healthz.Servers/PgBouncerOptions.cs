using System.Security.Cryptography.X509Certificates;

namespace Caluma.Healthz.Servers;

/// <summary>The options of a PgBouncer. By default it accepts any login.</summary>
internal sealed record PgBouncerOptions
{
    /// <summary>Settings of its section, which override the defaults.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>The passwords of its own users, for an <c>auth_type</c> that needs them.</summary>
    public IReadOnlyDictionary<string, string> Users { get; init; } = new Dictionary<string, string>();

    /// <summary>With it, the pooler speaks TLS only with its clients.</summary>
    public X509Certificate2? Certificate { get; init; }
}
