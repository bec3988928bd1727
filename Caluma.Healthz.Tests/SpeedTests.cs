using System.Diagnostics;
using System.Reflection;
using Caluma.Healthz.Dev;
using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests;

/// <summary>Checks the use of <see cref="SlowAttribute"/>: classes without it start no process, not even through other types.</summary>
[Slow(Because = "It reads the code of all tests: 5 s of a processor.")]
public sealed class SpeedTests
{
    /// <summary>By name, because a reference would make this class a user of these types.</summary>
    private static readonly string[] _starters = ["System.Diagnostics.Process", "Microsoft.Playwright."];

    /// <summary>The name of a class that tests the native program, because the type itself starts one.</summary>
    private const string OfTheNativeProgram = "Caluma.Healthz.Tests.Checks.Databases.TlsTests+Native";

    /// <summary>The path from each type of this assembly that uses a starter to that starter.</summary>
    private static readonly Lazy<IReadOnlyDictionary<string, string>> _ways = new(FindWays);

    [Fact]
    public void A_class_of_tests_that_starts_processes_is_marked_as_slow() =>
        Assert.Equal("", string.Join('\n',
            from type in TestSelection.Classes
            where MarkOf(type) is null && _ways.Value.ContainsKey(type.FullName!)
            select _ways.Value[type.FullName!]));

    [Fact]
    public void A_slow_class_of_tests_that_starts_no_process_says_why() =>
        Assert.Equal("", string.Join('\n',
            from type in TestSelection.Classes
            where MarkOf(type) is { Because: null } && !_ways.Value.ContainsKey(type.FullName!)
            select type.FullName));

    [Theory]
    [InlineData(nameof(StartsNone), false)]
    [InlineData(nameof(StartsOne), true)]
    [InlineData(nameof(StartsOneLater), true)]
    [InlineData(nameof(StartsOneInALambda), true)]
    [InlineData(nameof(ListsWhatStartsOne), true)]
    [InlineData(nameof(DerivesFromWhatStartsOne), true)]
    [InlineData(nameof(IsGivenWhatStartsOne), true)]
    public void Every_way_to_start_a_process_is_found(string name, bool found) =>
        Assert.Equal(found, _ways.Value.ContainsKey($"{typeof(SpeedTests).FullName}+{name}"));

    [Fact]
    public void The_longest_classes_run_first() => Assert.Equal(
        [0, 1, 2, 3],
        from name in new[] { Own(nameof(Long)), Own(nameof(Slow)), Own(nameof(StartsNone)), OfTheNativeProgram }
        select LongFirst.RankOf($"Test collection for {name} (id: 1234)"));

    [Fact]
    public void The_class_of_a_collection_is_known_by_its_name() =>
        Assert.Equal([typeof(SpeedTests)], LongFirst.ClassesOf(TestContext.Current.TestCollection!.TestCollectionDisplayName));

    [Fact]
    public void A_collection_with_a_long_class_runs_first() => Assert.Equal(0, LongFirst.RankOf(nameof(Builds)));

    private static string Own(string name) => $"{typeof(SpeedTests).FullName}+{name}";

    private static SlowAttribute? MarkOf(Type type) => type.GetCustomAttribute<SlowAttribute>();

    private static IReadOnlyDictionary<string, string> FindWays() =>
        new TypeUses(typeof(SpeedTests).Assembly, typeof(Deadline).Assembly, typeof(Workspace).Assembly)
        .WaysTo(type => Array.Exists(_starters, starter => type.StartsWith(starter, StringComparison.Ordinal)));

    [Slow(IsLong = true)]
    private sealed class Long;

    [Slow]
    private sealed class Slow;

    private sealed class StartsNone
    {
        public static int Id => Environment.ProcessId;
    }

    private sealed class StartsOne
    {
        public static void Run() => Process.Start("true");
    }

    private sealed class StartsOneLater
    {
        public static async Task RunAsync()
        {
            await Task.Yield();
            Process.Start("true");
        }
    }

    private sealed class StartsOneInALambda
    {
        public static IEnumerable<bool> Run() => Enumerable.Range(1, 2).Select(_ => Process.Start("true").HasExited);
    }

    private sealed class ListsWhatStartsOne
    {
        public static readonly List<StartsOneLater> All = [];
    }

    private abstract class Base
    {
        protected static void Run() => Process.Start("true");
    }

    private sealed class DerivesFromWhatStartsOne : Base;

    private sealed class IsGivenWhatStartsOne(StartsOne? one)
    {
        public override string ToString() => $"{one}";
    }
}
