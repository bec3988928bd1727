using System.Reflection;
using Caluma.Healthz.Tests;
using Caluma.Healthz.Tests.Forms;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(LongFirst))]

namespace Caluma.Healthz.Tests;

/// <summary>
/// Orders test classes: the longest first, so that no processor waits for a late one at the end; then slow ones and those of checks, which
/// mostly wait, beside fast ones, which compute. Tests of the native program come last, because it is compiled until then.
/// </summary>
public sealed class LongFirst : ITestCollectionOrderer
{
    private static readonly ILookup<string?, Type> _collections =
        TestSelection.Classes.ToLookup(type => type.GetCustomAttribute<CollectionAttribute>()?.Name);

    private static readonly string _ofTargets = $"{typeof(LongFirst).Namespace}.{nameof(Checks)}";

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection
    {
        var ranks = testCollections.ToLookup(collection => RankOf(collection.TestCollectionDisplayName));
        return
        [
            .. ranks[0],
            .. new[] { ranks[1].ToList(), ranks[2].ToList() }
                .SelectMany(rank => rank.Select((collection, index) => (Collection: collection, Share: (double)index / rank.Count)))
                .OrderBy(place => place.Share)
                .Select(place => place.Collection),
            .. ranks[3],
        ];
    }

    /// <summary>
    /// 0 for a long class, 1 for a slow one or one of checks, 2 for another fast one, 3 for one of the native program; for a collection of
    /// several the least.
    /// </summary>
    internal static int RankOf(string displayName) => ClassesOf(displayName).Select(RankOf).DefaultIfEmpty(2).Min();

    /// <summary>The classes of a collection.</summary>
    /// <param name="displayName"> The name of the collection, such as <c>Builds</c>, or <c>Test collection for
    /// Caluma.Healthz.Tests.SecretsTests (id: 1234)</c>.
    /// </param>
    internal static IEnumerable<Type> ClassesOf(string displayName) =>
        displayName.Split(' ').Select(word => typeof(LongFirst).Assembly.GetType(word)).OfType<Type>().Concat(_collections[displayName]);

    private static int RankOf(Type type) => type.GetCustomAttribute<SlowAttribute>() switch
    {
        not null when type.IsDefined(typeof(ProbeFormAttribute), inherit: true) => 3,
        { IsLong: true } => 0,
        not null => 1,
        null when type.Namespace!.StartsWith(_ofTargets, StringComparison.Ordinal) => 1,
        null => 2,
    };
}
