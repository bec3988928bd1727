using System.Diagnostics;
using System.Reflection;
using ArchUnitNET.Loader;
using Xunit.v3;
using Type = System.Type;

namespace Caluma.Healthz.Tests;

/// <summary>Holds <see cref="SlowAttribute"/> to what it says: what is not marked starts no process, not even by way of other types.</summary>
public sealed class SpeedTests
{
    /// <summary>By their names: a mention of the types would make a use of them of this class, too.</summary>
    private static readonly string[] _starters = ["System.Diagnostics.Process", "Microsoft.Playwright."];

    private static readonly Assembly _tests = typeof(SpeedTests).Assembly;

    /// <summary>For each type of this assembly that uses a starter: the types by way of which it does, itself first.</summary>
    private static readonly Lazy<IReadOnlyDictionary<string, string>> _ways = new(FindWays);

    [Fact]
    public void A_class_of_tests_that_starts_processes_is_marked_as_slow() =>
        Assert.Equal("", string.Join('\n',
            from type in TestClasses()
            where MarkOf(type) is null && _ways.Value.ContainsKey(type.FullName!)
            select _ways.Value[type.FullName!]));

    [Fact]
    public void A_class_of_tests_that_starts_no_process_says_why_it_is_slow() =>
        Assert.Equal("", string.Join('\n',
            from type in TestClasses()
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
    public void A_start_is_found_in_whatever_way_it_comes_about(string name, bool found) =>
        Assert.Equal(found, _ways.Value.ContainsKey($"{typeof(SpeedTests).FullName}+{name}"));

    private static IEnumerable<Type> TestClasses() => _tests.GetTypes().Where(type =>
        type is { IsClass: true, IsAbstract: false } && type.GetMethods().Any(method => method.GetCustomAttributes().OfType<IFactAttribute>().Any()));

    private static SlowAttribute? MarkOf(Type type) => type.GetCustomAttribute<SlowAttribute>();

    private static Dictionary<string, string> FindWays()
    {
        var users = (
            from type in new ArchLoader().LoadAssembly(_tests).Build().Types
            from used in type.Dependencies.Select(dependency => dependency.Target.FullName).Distinct()
            select (Used: used, User: type.FullName)).ToLookup(pair => pair.Used, pair => pair.User);
        var ways = users.Select(user => user.Key)
            .Where(used => Array.Exists(_starters, starter => used.StartsWith(starter, StringComparison.Ordinal)))
            .ToDictionary(starter => starter);
        var next = new Queue<string>(ways.Keys);
        while (next.TryDequeue(out var used))
        {
            foreach (var user in users[used])
            {
                if (ways.TryAdd(user, $"{user} > {ways[used]}"))
                {
                    next.Enqueue(user);
                }
            }
        }

        return ways;
    }

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
