using System.Reflection;
using Caluma.Healthz.Tests;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(LongFirst))]

namespace Caluma.Healthz.Tests;

/// <summary>
/// Begins with the classes that take longest, then takes the other slow ones, and the fast ones last: so that at the end no processor waits
/// for a class that has begun late.
/// </summary>
public sealed class LongFirst : ITestCollectionOrderer
{
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(collection => RankOf(collection.TestCollectionDisplayName))];

    /// <summary>0 for a long class, 1 for a slow one, 2 for a fast one and for a collection of several.</summary>
    internal static int RankOf(string displayName) => ClassOf(displayName)?.GetCustomAttribute<SlowAttribute>() switch
    {
        { IsLong: true } => 0,
        not null => 1,
        null => 2,
    };

    /// <summary>The class of a collection.</summary>
    /// <param name="displayName">Such as <c>Test collection for Caluma.Healthz.Tests.SecretsTests (id: 1234)</c>.</param>
    internal static Type? ClassOf(string displayName) =>
        displayName.Split(' ').Select(word => typeof(LongFirst).Assembly.GetType(word)).FirstOrDefault(type => type is not null);
}
