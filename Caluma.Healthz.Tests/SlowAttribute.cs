using Xunit.v3;

namespace Caluma.Healthz.Tests;

/// <summary>
/// Marks a class of tests that starts processes: servers, a browser, a compiler. <c>./dev test --fast</c> runs all classes without it.
/// <see cref="SpeedTests"/> fails if the mark is missing or needless.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class SlowAttribute : Attribute, ITraitAttribute
{
    /// <summary>Why the tests are slow, if they start no process.</summary>
    public string? Because { get; init; }

    /// <summary>Whether the tests take over half a minute on two cores, so that <see cref="LongFirst"/> starts them first.</summary>
    public bool IsLong { get; init; }

    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new("speed", "slow")];
}
