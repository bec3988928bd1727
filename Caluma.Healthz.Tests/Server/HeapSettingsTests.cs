using System.Text.Json.Nodes;

namespace Caluma.Healthz.Tests.Server;

/// <summary>The settings of the garbage collector, which the native compiler takes from the same project.</summary>
public sealed class HeapSettingsTests
{
    [Theory]
    [InlineData("System.GC.Server", "false")]
    [InlineData("System.GC.Concurrent", "false")]
    [InlineData("System.GC.Gen0MaxBudget", "4194304")]
    public async Task The_heap_of_the_server_is_a_small_one_without_threads_of_its_own(string name, string value)
    {
        var config = JsonNode.Parse(await File.ReadAllTextAsync(
            Path.Combine(AppContext.BaseDirectory, "caluma-healthz.runtimeconfig.json"), TestContext.Current.CancellationToken));

        Assert.Equal(value, config?["runtimeOptions"]?["configProperties"]?[name]?.ToJsonString());
    }
}
