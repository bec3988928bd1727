namespace Caluma.Healthz.Tests.Dev;

/// <summary>The script <c>dev</c> on a copy of the files that it reads, with a double of the SDK that records its calls.</summary>
[Slow]
public sealed class DevScriptTests : IDisposable
{
    private const string Program = "Caluma.Healthz.Dev/bin/Debug/net10.0/Caluma.Healthz.Dev.dll";

    /// <summary>The programs that the script calls, without the SDK.</summary>
    private static readonly string[] _tools =
        ["bash", "sh", "setsid", "env", "cat", "cksum", "dirname", "find", "flock", "mkdir", "mv", "paste", "sed", "tail"];

    private readonly ServerFolder _folder = new("dev-script");

    public DevScriptTests()
    {
        foreach (var file in new[] { "dev", "global.json", "Directory.Build.props", "Directory.Packages.props", ".editorconfig" })
        {
            File.Copy(Path.Combine(Repository.Root, file), _folder.PathOf(file));
        }

        foreach (var project in new[] { "Caluma.Healthz", "Caluma.Healthz.Dev", "Caluma.Healthz.Servers" })
        {
            Directory.CreateDirectory(_folder.PathOf(project));
            File.WriteAllText(_folder.PathOf($"{project}/Code.cs"), "");
        }

        File.Copy(Path.Combine(Repository.Root, "Caluma.Healthz.Dev", "usage.txt"), _folder.PathOf("Caluma.Healthz.Dev/usage.txt"));
        Directory.CreateDirectory(_folder.PathOf("tools"));
        foreach (var tool in _tools)
        {
            File.CreateSymbolicLink(_folder.PathOf($"tools/{tool}"), Executable.Find(tool));
        }
    }

    [Fact]
    public async Task Without_an_SDK_the_script_says_which_one_is_needed_and_where_to_get_it()
    {
        var (code, output) = await RunAsync("build");

        Assert.Equal(1, code);
        Assert.Equal(
            """
            dev: the .NET SDK 10.0.100 or a newer 10.0 is needed; found: none.
            dev: How to install it: https://learn.microsoft.com/dotnet/core/install/linux (on Ubuntu: sudo apt-get install dotnet-sdk-10.0).
            """,
            output);
    }

    [Fact]
    public async Task An_old_SDK_is_reported()
    {
        InstallSdk("--version) exit 145 ;;");

        var (code, output) = await RunAsync("build");

        Assert.Equal(1, code);
        Assert.StartsWith(
            "dev: the .NET SDK 10.0.100 or a newer 10.0 is needed; found: 8.0.100 9.0.301.", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0, "help")]
    [InlineData(0, "-h")]
    [InlineData(0, "--help")]
    [InlineData(2, "start")]
    [InlineData(2, "--once")]
    public async Task The_help_needs_no_SDK(int code, params string[] args)
    {
        var help = await File.ReadAllTextAsync(_folder.PathOf("Caluma.Healthz.Dev/usage.txt"), TestContext.Current.CancellationToken);

        Assert.Equal((code, help.TrimEnd()), await RunAsync(args));
    }

    [Fact]
    public async Task The_program_is_built_once_and_gets_the_arguments_unchanged()
    {
        InstallSdk();

        var first = await RunAsync("test", "--filter-class", "*A B*", "");
        var second = await RunAsync("run");

        Assert.Equal((0, "dev: building ./dev itself"), first);
        Assert.Equal((0, ""), second);
        Assert.Equal(
            [
                "[build][Caluma.Healthz.Dev][-v][quiet]",
                $"[{Program}][test][--filter-class][*A B*][]",
                $"[{Program}][run]",
            ],
            Calls());
    }

    [Theory]
    [InlineData("Caluma.Healthz.Dev/Code.cs")]
    [InlineData("Caluma.Healthz.Servers/Code.cs")]
    [InlineData("Caluma.Healthz/Code.cs")]
    [InlineData("Directory.Packages.props")]
    [InlineData("global.json")]
    public async Task A_changed_source_file_causes_a_build(string file)
    {
        InstallSdk();
        await RunAsync("run");

        File.SetLastWriteTimeUtc(_folder.PathOf(file), DateTime.UtcNow.AddSeconds(1));
        Assert.Equal((0, "dev: building ./dev itself"), await RunAsync("run"));
    }

    [Fact]
    public async Task A_deleted_file_a_new_one_and_a_missing_program_cause_a_build()
    {
        InstallSdk();
        await RunAsync("run");

        File.Delete(_folder.PathOf("Caluma.Healthz/Code.cs"));
        Assert.Equal("dev: building ./dev itself", (await RunAsync("run")).Output);
        Assert.Equal("", (await RunAsync("run")).Output);

        await File.WriteAllTextAsync(_folder.PathOf("Caluma.Healthz/New.cs"), "", TestContext.Current.CancellationToken);
        File.SetLastWriteTimeUtc(_folder.PathOf("Caluma.Healthz/New.cs"), DateTime.UtcNow.AddYears(-1));
        Assert.Equal("dev: building ./dev itself", (await RunAsync("run")).Output);

        File.Delete(_folder.PathOf(Program));
        Assert.Equal("dev: building ./dev itself", (await RunAsync("run")).Output);
    }

    [Fact]
    public async Task The_output_of_a_build_causes_no_build()
    {
        InstallSdk();
        await RunAsync("run");

        Directory.CreateDirectory(_folder.PathOf("Caluma.Healthz/obj"));
        await File.WriteAllTextAsync(_folder.PathOf("Caluma.Healthz/obj/Made.cs"), "", TestContext.Current.CancellationToken);

        Assert.Equal("", (await RunAsync("run")).Output);
    }

    [Fact]
    public async Task A_failed_build_prints_its_last_lines_and_is_tried_again()
    {
        InstallSdk("build) echo 'Code.cs(1,1): error CS1002'; exit 1 ;;");

        var (code, output) = await RunAsync("run");

        Assert.Equal(1, code);
        Assert.Equal(
            """
            dev: building ./dev itself
            Code.cs(1,1): error CS1002
            dev: dotnet build failed.
            dev: All of its output is in .dev/program.log.
            """,
            output);
        Assert.Equal(output, (await RunAsync("run")).Output);
    }

    [Fact]
    public async Task The_exit_code_is_that_of_the_program()
    {
        InstallSdk("*.dll) exit 3 ;;");

        Assert.Equal(3, (await RunAsync("run")).Code);
    }

    [Fact]
    public async Task The_script_works_with_a_closed_input()
    {
        InstallSdk("*.dll) read -r line; echo \"read $? [$line]\" ;;");
        await RunAsync("run");

        var closed = await RunCommandAsync("bash", "-c", "exec ./dev run <&-");

        Assert.Equal((0, "read 1 []"), closed);
    }

    public void Dispose() => _folder.Dispose();

    private void InstallSdk(string more = "")
    {
        var program = _folder.PathOf("tools/dotnet");
        File.WriteAllText(
            program,
            $$"""
            #!/bin/sh
            case $1 in
              --version | --list-sdks) ;;
              *)
                for argument; do printf '[%s]' "$argument"; done >>calls
                echo >>calls
                ;;
            esac
            case $1 in
              {{more}}
              --list-sdks) printf '%s\n' '8.0.100 [/usr/share/dotnet/sdk]' '9.0.301 [/usr/share/dotnet/sdk]' ;;
              build) mkdir -p Caluma.Healthz.Dev/bin/Debug/net10.0 && : >{{Program}} ;;
            esac

            """);
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private string[] Calls() => File.ReadAllLines(_folder.PathOf("calls"));

    private Task<(int Code, string Output)> RunAsync(params IEnumerable<string> args) => RunCommandAsync(["./dev", .. args]);

    private async Task<(int Code, string Output)> RunCommandAsync(params IReadOnlyList<string> command)
    {
        using var process = ServerProcess.Start(
            _folder, command[0], command.Skip(1), environment: new Dictionary<string, string?> { ["PATH"] = _folder.PathOf("tools") });
        await process.UntilEndedAsync();
        return (process.ExitCode, $"{process.Log}");
    }
}
