using Caluma.Healthz.Benchmarks.Measuring;

namespace Caluma.Healthz.Tests.Benchmarks.Measuring;

public sealed class BenchOptionsTests
{
    private static readonly string[] _names = ["start", "trend"];

    [Fact]
    public void Without_arguments_all_run_five_times()
    {
        var options = BenchOptions.Parse([], _names, out _)!;

        Assert.Empty(options.Only);
        Assert.Equal((5, false), (options.Rounds, options.IsJson));
    }

    [Fact]
    public void Arguments_may_be_given_in_either_way()
    {
        var options = BenchOptions.Parse(["--only", "trend", "--only=start", "--rounds", "3", "--format=json"], _names, out _)!;

        Assert.Equal(["trend", "start"], options.Only);
        Assert.Equal((3, true), (options.Rounds, options.IsJson));
    }

    [Theory]
    [InlineData("--only must be one of start, trend", "--only", "year")]
    [InlineData("--only must be one of start, trend", "--only")]
    [InlineData("--rounds must be a whole number from 1 to 100", "--rounds", "0")]
    [InlineData("--rounds must be a whole number from 1 to 100", "--rounds", "101")]
    [InlineData("--rounds must be a whole number from 1 to 100", "--rounds", "many")]
    [InlineData("--rounds must be a whole number from 1 to 100", "--rounds")]
    [InlineData("--format must be text or json", "--format", "xml")]
    [InlineData("--format must be text or json", "--format")]
    [InlineData("--often is not an option here: there are --only NAME, --rounds N and --format json", "--often")]
    public void What_is_wrong_is_told_with_what_must_be(string problem, params string[] args)
    {
        Assert.Null(BenchOptions.Parse(args, _names, out var found));
        Assert.Equal(problem, found);
    }

    /// <remarks>By reflection: a use of what starts processes would make this class a slow one.</remarks>
    [Fact]
    public void The_help_names_each_benchmark()
    {
        var help = File.ReadAllText(Path.Combine(Repository.Root, "Caluma.Healthz.Dev", "usage.txt"));
        var benchmarks = typeof(IBenchmark).Assembly.GetTypes().Where(type => type.IsClass && type.IsAssignableTo(typeof(IBenchmark)));

        Assert.All(benchmarks, type => Assert.Contains(((IBenchmark)Activator.CreateInstance(type)!).Name, help, StringComparison.Ordinal));
    }
}
