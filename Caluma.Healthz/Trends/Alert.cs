using System.Text.Json;
using System.Text.Json.Serialization;
using Caluma.Healthz.History;

namespace Caluma.Healthz.Trends;

/// <summary>A rule that was triggered for a series, and resolved or not.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Since">When the trouble began: the first failing run, the first slow hour, or the first missing run.</param>
/// <param name="Check">The check; null for an alert about the recording.</param>
/// <param name="Target">The alias; null for an alert about the recording.</param>
/// <param name="Resolved">The tick upon which it resolved; null where it is open.</param>
internal sealed record Alert(
    AlertRule Rule, DateTimeOffset Since, Check? Check = null, string? Target = null, DateTimeOffset? Resolved = null)
    : IJsonOnDeserialized
{
    /// <summary>How urgent it is.</summary>
    public Severity Severity => Rule.Severity();

    /// <summary>The tick upon which it was triggered; <see cref="Since"/> for alerts that an earlier version recorded.</summary>
    public DateTimeOffset Triggered
    {
        get => field == default ? Since : field;
        init;
    }

    /// <summary>The rule and what it is about: no two open alerts have the same.</summary>
    internal (AlertRule Rule, Check? Check, string? Target) Key => (Rule, Check, Target);

    /// <summary>With its start. It stays the same where the alert is resolved, and triggered again within its window.</summary>
    internal ((AlertRule Rule, Check? Check, string? Target) Key, DateTimeOffset Since) Identity => (Key, Since);

    void IJsonOnDeserialized.OnDeserialized()
    {
        if (Since == default || Check is null != Target is null || Check is null != Rule is AlertRule.MissingData)
        {
            throw new JsonException("An alert must have a time, and a check and its target unless it is about the recording.");
        }
    }

    internal bool Is(AlertRule rule, Series? series) => Rule == rule && Check == series?.Check && Target == series?.Target;
}
