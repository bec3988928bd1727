using System.Diagnostics;
using System.Text.RegularExpressions;
using Caluma.Healthz.Server.Commands;
using Caluma.Healthz.Tests.Configuration;
using Caluma.Healthz.Tests.Forms;

namespace Caluma.Healthz.Tests.Server.Commands;

[Slow]
public class HealthzCommandLineTests
{
    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("check", "--help")]
    [InlineData("serve", "-?")]
    public async Task Help_exits_with_0(params string[] args)
    {
        var result = await CommandLine.RunAsync(Settings.Of(), args);

        Assert.Equal(ExitCode.Healthy, result.ExitCode);
        Assert.Contains("Usage:", result.Output, StringComparison.Ordinal);
        Assert.Empty(result.Error);
    }

    [Fact]
    public async Task The_version_exits_with_0()
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
    public async Task A_wrong_command_line_exits_with_2(params string[] args)
    {
        var result = await CommandLine.RunAsync(Settings.Of("DATABASE_HOST=db"), args);

        Assert.Equal((ExitCode.Invalid, ""), (result.ExitCode, result.Output));
        Assert.Matches(@"\A[^\n]+ See caluma-healthz( [a-z]+)? --help\.\n\z", result.Error);
    }

    [Theory]
    [InlineData("Name a command: serve, check, trend, history, replay, migrations, config or completion. See caluma-healthz --help.")]
    [InlineData("No command named \"chekc\". Did you mean check? See caluma-healthz --help.", "chekc")]
    [InlineData(
        "No command named \"nope\". Choose one: serve, check, trend, history, replay, migrations, config, completion. See caluma-healthz "
            + "--help.", "nope")]
    [InlineData("--format must be table or json. See caluma-healthz check --help.", "check", "--format", "xml")]
    [InlineData("--watch must be a whole number of seconds from 1 to 3600. See caluma-healthz check --help.", "check", "--watch", "0")]
    [InlineData("--watch must be a whole number of seconds from 1 to 3600. See caluma-healthz check --help.", "check", "--watch", "soon")]
    [InlineData("<FILE> is missing. See caluma-healthz replay --help.", "replay")]
    [InlineData("<shell> is missing. See caluma-healthz completion --help.", "completion")]
    [InlineData("The shell must be bash, zsh or pwsh. See caluma-healthz completion --help.", "completion", "fish")]
    public async Task A_wrong_command_line_gets_one_line_with_a_suggestion(string message, params string[] args) =>
        Assert.Equal(message + "\n", (await CommandLine.RunAsync(Settings.Of("DATABASE_HOST=db"), args)).Error);

    [Theory]
    [InlineData("")]
    [InlineData("serve")]
    [InlineData("check")]
    [InlineData("trend")]
    [InlineData("history")]
    [InlineData("replay")]
    [InlineData("migrations")]
    [InlineData("config")]
    public async Task Help_has_examples_exit_codes_and_the_documentation(string command)
    {
        var result = await CommandLine.RunAsync(Settings.Of(), [.. command.Length == 0 ? Array.Empty<string>() : [command], "--help"]);

        Assert.Matches(
            $@"(?s)Usage:.*Examples:\n  .*caluma-healthz {command}.*Exit codes:\n  0  .*\n  2  .*Settings, routes", result.Output);
    }

    [Theory]
    [InlineData("serve")]
    [InlineData("check")]
    [InlineData("trend")]
    [InlineData("history")]
    [InlineData("replay")]
    public async Task The_options_of_the_help_leave_space_for_their_texts_on_60_columns(string command)
    {
        var help = (await CommandLine.RunAsync(Settings.Of(), command, "--help")).Output;

        var options = Regex.Match(help, @"Options:\n(.*?)\n\n", RegexOptions.Singleline).Groups[1].Value.Split('\n');
        Assert.NotEmpty(options);
        Assert.All(options, option => Assert.InRange(Regex.Match(option.Trim(), "^.*?(?=  |$)").Length, 1, 30));
    }

    [Theory]
    [InlineData("ch", "check")]
    [InlineData("check --f", "--format")]
    [InlineData("check --format j", "json")]
    [InlineData("check --check ca", "caches")]
    [InlineData("history --f", "--failed")]
    [InlineData("completion z", "zsh")]
    public async Task Completion_suggests_options_and_values(string line, string word)
    {
        var result = await CommandLine.RunAsync(Settings.Of(), $"[suggest:{line.Length}]", line);

        Assert.Equal(ExitCode.Healthy, result.ExitCode);
        Assert.Contains(word, result.Output.Split('\n', StringSplitOptions.TrimEntries));
    }

    [Theory]
    [InlineData("caluma-healthz ch", "check")]
    [InlineData("caluma-healthz check --format j", "json")]
    [InlineData("caluma-healthz check --fo", "--format")]
    public async Task Bash_completes_a_line_with_the_script(string line, string word)
    {
        var script = await CommandLine.RunAsync(Settings.Of(), "completion", "bash");
        var words = line.Split(' ');
        var program = Path.ChangeExtension(typeof(HealthzCommandLine).Assembly.Location, null);
        var start = new ProcessStartInfo("bash") { RedirectStandardInput = true, RedirectStandardOutput = true };

        using var bash = Process.Start(start)!;
        await bash.StandardInput.WriteAsync(
            $$"""
            caluma-healthz() { '{{program}}' "$@"; }
            {{script.Output}}
            COMP_LINE='{{line}}' COMP_POINT={{line.Length}}
            COMP_WORDS=({{string.Join(' ', words.Select(other => $"'{other}'"))}}) COMP_CWORD={{words.Length - 1}}
            _caluma_healthz
            printf '%s\n' "${COMPREPLY[@]}"
            """);
        bash.StandardInput.Close();

        Assert.Equal(word, (await bash.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).Trim());
        await bash.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("zsh", "compdef _caluma_healthz caluma-healthz")]
    [InlineData("pwsh", "Register-ArgumentCompleter -Native -CommandName caluma-healthz")]
    public async Task There_are_scripts_for_other_shells(string shell, string registration) =>
        Assert.Contains(registration, (await CommandLine.RunAsync(Settings.Of(), "completion", shell)).Output, StringComparison.Ordinal);

    [Theory]
    [InlineData("{ \"Healthz\": { \"Databases\": { \"default\": \"Host=db;Password=c4n4ry", "LineNumber")]
    [InlineData("{ \"Healthz\": { \"Timeout\": c4n4ry", "LineNumber: 0")]
    [InlineData("{ \"A\": \"c4n4ry\", \"a\": \"c4n4ry\" }", "A duplicate key")]
    [InlineData("[ \"c4n4ry\" ]", "Array")]
    [InlineData("", "LineNumber: 0")]
    public async Task A_problem_of_appsettings_is_reported_without_its_content(string json, string says)
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

    [Slow]
    [Native]
    public sealed class Native : HealthzCommandLineTests;
}
