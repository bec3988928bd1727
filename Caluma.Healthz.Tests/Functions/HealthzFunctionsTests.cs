using Caluma.Healthz.Http;

namespace Caluma.Healthz.Tests.Functions;

/// <summary>The functions as the worker describes them to the host.</summary>
[Slow]
[Collection(nameof(FunctionsApp))]
public sealed class HealthzFunctionsTests(FunctionsApp app)
{
    [Fact]
    public void Each_route_is_a_function_with_its_methods_and_its_key() => Assert.Equal(
        from route in HealthzRoutes.All
        orderby route.Path
        select $"{route.Path}: {string.Join(", ", route.Methods.Order())}; {(route.NeedsKey ? "Function" : "Anonymous")}",
        from function in app.Host.Functions
        where function.IsHttp
        orderby function.Route
        select $"{function.Route}: {string.Join(", ", function.Methods.Order())}; {function.AuthLevel}");

    [Fact]
    public void The_only_other_function_is_a_timer_with_a_schedule_from_a_setting_without_a_nested_name()
    {
        var timer = Assert.Single(app.Host.Functions, function => !function.IsHttp);

        Assert.Equal(("timerTrigger", "%HEALTHZ_SCHEDULE%"), (timer.Type, timer.Schedule));
    }

    [Fact]
    public void Every_function_name_has_the_prefix_of_the_probe()
    {
        var names = app.Host.Functions.Select(function => function.Name).ToList();

        Assert.All(names, name => Assert.StartsWith("healthz", name, StringComparison.Ordinal));
        Assert.Distinct(names);
    }

    /// <remarks>
    /// Otherwise the host would proxy requests to a web server in the worker, which costs more than it gives (docs/architecture.md).
    /// </remarks>
    [Fact]
    public void The_worker_starts_no_web_server()
    {
        Assert.False(File.Exists(Path.Combine(app.Host.Folder, "Microsoft.Azure.Functions.Worker.Extensions.Http.AspNetCore.dll")));
        Assert.DoesNotContain("Microsoft.AspNetCore.App",
            File.ReadAllText(Path.Combine(app.Host.Folder, "Caluma.Healthz.Functions.runtimeconfig.json")), StringComparison.Ordinal);
    }

    /// <remarks>Without Telemetry.cs, which is optional and off by default.</remarks>
    [Fact]
    public void The_app_is_short() => Assert.InRange(
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "Caluma.Healthz.Functions"), "*.cs*")
            .Where(file => Path.GetFileName(file) != "Telemetry.cs")
            .Sum(file => File.ReadLines(file).Count()), 1, 150);
}
