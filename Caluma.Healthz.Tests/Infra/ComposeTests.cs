using System.Text.Json.Nodes;
using Caluma.Healthz.Server.Commands;
using Caluma.Healthz.Tests.Configuration;
using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.Infra;

/// <summary>infra/compose is what docker-compose takes, and what it starts is what the server takes.</summary>
[Slow]
public sealed class ComposeTests
{
    private const string Key = "HEALTHZ_FUNCTION_KEYS";

    [Fact]
    public async Task It_starts_the_server_with_settings_that_it_takes_and_a_folder_that_is_mounted()
    {
        var healthz = (await ConfigAsync(new() { [Key] = "a key" }))["services"]!["healthz"]!;

        var command = healthz["command"]!.AsArray().Select(argument => (string)argument!).ToArray();
        Assert.Empty(ServeCommand.Create(Settings.Of()).Parse(command[1..]).Errors);
        var environment = healthz["environment"]!.AsObject().ToDictionary(setting => setting.Key, setting => (string)setting.Value!);
        Assert.Equal("a key", environment[Key]);
        var options = Settings.ReadOptions(environment.Select(setting => $"{setting.Key}={setting.Value}"));
        Assert.True(options.Enabled);
        Assert.Equal([$"history:{options.History!.Folder}:rw"], healthz["volumes"]!.AsArray().Select(volume => (string)volume!));
        Assert.All(
            healthz["ports"]!.AsArray(), port => Assert.StartsWith("127.0.0.1:", (string?)port, StringComparison.Ordinal));
        Assert.True((bool)healthz["read_only"]!);
        Assert.Equal("ALL", (string?)Assert.Single(healthz["cap_drop"]!.AsArray()));
    }

    /// <remarks>The user of the image, whom a new volume does not belong to.</remarks>
    [Fact]
    public async Task The_volume_belongs_to_the_server()
    {
        var services = (await ConfigAsync(new() { [Key] = "a key" }))["services"]!;

        Assert.Contains("1654:1654", services["owner"]!["command"]!.AsArray().Select(argument => (string?)argument));
        Assert.Equal("service_completed_successfully", (string?)services["healthz"]!["depends_on"]!["owner"]!["condition"]);
        Assert.Contains(
            $"USER {1654}", await File.ReadAllTextAsync(Path.Combine(Repository.Root, "Dockerfile"), TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_key_it_says_what_must_be()
    {
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => ConfigAsync([]));

        Assert.Contains($"{Key} must be a key, such as that of openssl rand -hex 20", failure.Message, StringComparison.Ordinal);
    }

    private static async Task<JsonNode> ConfigAsync(Dictionary<string, string?> environment)
    {
        using var folder = new ServerFolder("compose");
        environment["CALUMA_ENV_FILE"] = folder.PathOf("caluma.env");
        await File.WriteAllTextAsync(folder.PathOf("caluma.env"), "DATABASE_HOST=db\n", TestContext.Current.CancellationToken);
        using var process = ServerProcess.Start(
            folder,
            Executable.Find("docker-compose"),
            ["--file", Path.Combine(Repository.Root, "infra", "compose", "compose.yaml"), "config"],
            environment: environment);
        await process.UntilEndedAsync();
        return process.ExitCode == 0
            ? Assert.Single(YamlFile.Parse($"{process.Log}"))
            : throw new InvalidOperationException($"{process.Log}");
    }
}
