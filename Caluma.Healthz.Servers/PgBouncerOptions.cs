namespace Caluma.Healthz.Servers;

/// <summary>What sets a PgBouncer apart from one that lets anybody in.</summary>
internal sealed record PgBouncerOptions
{
    /// <summary>Settings of its section, which win over those of the plain one.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>The passwords of its own users, for an <c>auth_type</c> that asks for one.</summary>
    public IReadOnlyDictionary<string, string> Users { get; init; } = new Dictionary<string, string>();
}
