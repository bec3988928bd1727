using System.Reflection;
using System.Text.RegularExpressions;
using Caluma.Healthz.Http;
using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.Functions.Http;

/// <summary>The Azure front door, by its source.</summary>
public sealed partial class HealthzFunctionsTests
{
    private static readonly string _source = File.ReadAllText(Path.Combine(Repository.Root, "Caluma.Healthz.Functions", "Http", "HealthzFunctions.cs"));

    [Fact]
    public void Every_route_is_a_function_of_its_methods_that_asks_for_the_key_but_for_the_ping() =>
        Assert.Equal(
            from route in typeof(HealthzRoutes).GetFields(BindingFlags.Public | BindingFlags.Static)
            let path = (string)route.GetRawConstantValue()!
            let level = path == HealthzRoutes.Ping ? "Anonymous" : "Function"
            let methods = HistorySurface.Routes.Contains(path) ? "get" : "get, head"
            orderby route.Name
            select $"HealthzRoutes.{route.Name}: {level}, {methods}",
            from function in Triggers()
            orderby function.Groups["route"].Value
            select $"{function.Groups["route"]}: {function.Groups["level"]}, {function.Groups["methods"].Value.Replace("\"", "", StringComparison.Ordinal)}");

    [Fact]
    public void Every_function_has_a_name_of_its_own()
    {
        var names = Triggers().Select(function => function.Groups["name"].Value).ToList();

        Assert.All(names, name => Assert.StartsWith("healthz", name, StringComparison.Ordinal));
        Assert.Distinct(names);
        Assert.Equal(names.Count, Regex.Count(_source, @"\[Function\("));
    }

    /// <remarks>A trigger of any other form would be missed.</remarks>
    [Fact]
    public void No_function_escapes_this_test() => Assert.Equal(Triggers().Count, Regex.Count(_source, @"\[HttpTrigger\("));

    private static MatchCollection Triggers() => Trigger().Matches(_source);

    [GeneratedRegex("""
        \[Function\("(?<name>[^"]+)"\)\]\s+public\ Task<HttpResponseData>\ \w+\(\s*
        \[HttpTrigger\(AuthorizationLevel\.(?<level>\w+),\ (?<methods>"\w+"(,\ "\w+")*),\ Route\ =\ (?<route>HealthzRoutes\.\w+)\)\]
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Trigger();
}
