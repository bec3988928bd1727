using System.Security.Cryptography.X509Certificates;

namespace Caluma.Healthz.Servers;

/// <summary>The options of a Redis server.</summary>
internal sealed record RedisOptions
{
    /// <summary>The password of the default user; null for none.</summary>
    public string? Password { get; init; }

    /// <summary>ACL users, as in redis.conf after the word "user": <c>name on >password ~* +@all</c>.</summary>
    public IReadOnlyList<string> Users { get; init; } = [];

    /// <summary>The primary of this read-only replica; null for a primary.</summary>
    public RedisServer? ReplicaOf { get; init; }

    /// <summary>The memory above which writes are refused, such as <c>1</c> for all of them.</summary>
    public string? MaxMemory { get; init; }

    /// <summary>The port, which the server then owns; null for any free port.</summary>
    public PortReservation? Port { get; init; }

    /// <summary>With it, the server speaks TLS only.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>More lines of redis.conf.</summary>
    public IReadOnlyList<string> ConfigLines { get; init; } = [];
}
