using Xunit.v3;

namespace Caluma.Healthz.Tests;

/// <summary>
/// Marks a class of tests that starts processes: servers, a browser, a compiler. <c>./dev test --fast</c> runs all classes without it.
/// <see cref="SpeedTests"/> fails where the mark is missing, and where it is needless.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class SlowAttribute : Attribute, ITraitAttribute
{
    /// <summary>Why they are slow where they start no process.</summary>
    public string? Because { get; init; }

    /// <summary>
    /// Whether they take longer than half a minute on a machine of two cores, so that <see cref="LongFirst"/> begins with them.
    /// </summary>
    public bool IsLong { get; init; }

    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new("speed", "slow")];
}
