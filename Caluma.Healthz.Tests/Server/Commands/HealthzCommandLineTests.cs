using Caluma.Healthz.Server.Commands;
using Caluma.Healthz.Tests.Configuration;

namespace Caluma.Healthz.Tests.Server.Commands;

[Slow]
public sealed class HealthzCommandLineTests
{
    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("check", "--help")]
    [InlineData("serve", "-?")]
    public async Task Help_is_printed_and_nothing_is_wrong(params string[] args)
    {
        var result = await CommandLine.RunAsync(Settings.Of(), args);

        Assert.Equal(ExitCode.Healthy, result.ExitCode);
        Assert.Contains("Usage:", result.Output, StringComparison.Ordinal);
        Assert.Empty(result.Error);
    }

    [Fact]
    public async Task The_version_is_printed_and_nothing_is_wrong()
    {
        var result = await CommandLine.RunAsync(Settings.Of(), "--version");

        Assert.Equal(ExitCode.Healthy, result.ExitCode);
        Assert.Matches(@"^\d+\.\d+\.\d+", result.Output);
    }

    [Theory]
    [InlineData]
    [InlineData("nope")]
    [InlineData("check", "--nope")]
    [InlineData("check", "--check")]
    [InlineData("check", "--check", "nope")]
    [InlineData("check", "--format", "xml")]
    [InlineData("check", "caches")]
    [InlineData("config", "--format", "json")]
    [InlineData("serve", "--urls")]
    public async Task A_wrong_command_line_is_not_an_unhealthy_Caluma(params string[] args)
    {
        var result = await CommandLine.RunAsync(Settings.Of("DATABASE_HOST=db"), args);

        Assert.Equal(ExitCode.Invalid, result.ExitCode);
        Assert.NotEmpty(result.Error);
        Assert.Contains("Usage:", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ \"Healthz\": { \"Databases\": { \"default\": \"Host=db;Password=c4n4ry", "LineNumber")]
    [InlineData("{ \"Healthz\": { \"Timeout\": c4n4ry", "LineNumber: 0")]
    [InlineData("{ \"A\": \"c4n4ry\", \"a\": \"c4n4ry\" }", "A duplicate key")]
    [InlineData("[ \"c4n4ry\" ]", "Array")]
    [InlineData("", "LineNumber: 0")]
    public async Task What_is_wrong_with_appsettings_is_said_without_what_is_in_it(string json, string says)
    {
        await using var process = await HealthzProcess.RunAsync(
            [], ["config"], folder => File.WriteAllText(folder.PathOf("appsettings.json"), json));

        Assert.Equal(ExitCode.Invalid, process.ExitCode);
        Assert.StartsWith("appsettings.json cannot be read: ", $"{process.Log}", StringComparison.Ordinal);
        Assert.Contains(says, $"{process.Log}", StringComparison.Ordinal);
        Assert.DoesNotContain("c4n4ry", $"{process.Log}", StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task The_environment_wins_over_appsettings()
    {
        await using var process = await HealthzProcess.RunAsync(
            [new("DATABASE_HOST", "db"), new("Healthz:Timeout", "00:00:03")],
            ["config"],
            folder => File.WriteAllText(
                folder.PathOf("appsettings.json"), """{ "Healthz": { "Timeout": "00:00:02", "MinInterval": "00:00:02" } }"""));

        Assert.Equal(ExitCode.Healthy, process.ExitCode);
        Assert.Matches(@"Timeout +00:00:03 +Healthz__Timeout", $"{process.Log}");
        Assert.Matches(@"MinInterval +00:00:02 +Healthz__MinInterval", $"{process.Log}");
    }
}
