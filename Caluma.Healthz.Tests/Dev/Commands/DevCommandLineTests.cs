using Caluma.Healthz.Dev;
using Caluma.Healthz.Dev.Commands;
using Caluma.Healthz.Dev.Processes;
using Caluma.Healthz.Tests.Fuzzing;

namespace Caluma.Healthz.Tests.Dev.Commands;

[Slow]
public sealed class DevCommandLineTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("healthz-dev-");

    private Workspace Workspace => new(Repository.Root, _folder.FullName);

    [Theory]
    [InlineData("help")]
    [InlineData("-h")]
    [InlineData("--help")]
    [InlineData("run", "--help")]
    [InlineData("func", "--once", "-h")]
    [InlineData("bench", "--help")]
    public async Task Help_is_printed_on_request(params string[] args) =>
        Assert.Equal((0, DevCommandLine.Usage, ""), await InvokeAsync(args));

    [Fact]
    public void The_help_names_each_target_of_fuzzing() =>
        Assert.Contains(string.Join(", ", FuzzTargets.All.Select(target => target.Name)), DevCommandLine.Usage, StringComparison.Ordinal);

    [Theory]
    [InlineData("start")]
    [InlineData("")]
    [InlineData("--once")]
    public async Task An_unknown_command_prints_the_help_as_an_error(params string[] args) =>
        Assert.Equal((2, "", DevCommandLine.Usage), await InvokeAsync(args));

    [Theory]
    [InlineData("--often is not an option here; ./dev help lists them.", "run", "--often")]
    [InlineData("--often is not an option here; ./dev help lists them.", "func", "--often")]
    [InlineData("--often is not an option here; ./dev help lists them.", "services", "--often")]
    [InlineData("--often is not an option here; ./dev help lists them.", "down", "--often")]
    [InlineData("5 is not an option here; ./dev help lists them.", "bench", "5")]
    [InlineData("--often is not an option here; ./dev help lists them.", "bench", "--only", "start", "--often")]
    [InlineData("--often is not an option here; ./dev help lists them.", "simulate", "--often")]
    [InlineData("--seeds must be a whole number from 1 to 1000000000, such as --seeds 1000.", "simulate", "--seeds", "0")]
    [InlineData("--from must be a whole number from 0 to 1000000000, such as --from 1000.", "simulate", "--from")]
    [InlineData("Nowhere must be a folder or a C# file in Caluma.Healthz, such as Trends or Trends/Forecast.cs.", "mutate", "Nowhere")]
    [InlineData("../infra must be a folder or a C# file in Caluma.Healthz, such as Trends or Trends/Forecast.cs.", "mutate", "../infra")]
    [InlineData("--all must be a folder or a C# file in Caluma.Healthz, such as Trends or Trends/Forecast.cs.", "mutate", "--all")]
    [InlineData("Pages/dashboard.css must be a folder or a C# file in Caluma.Healthz, such as Trends or Trends/Forecast.cs.",
        "mutate", "Pages/dashboard.css")]
    [InlineData("--often is not an option here; ./dev help lists them.", "fuzz", "--often")]
    [InlineData("plans is not an option here; ./dev help lists them.", "fuzz", "requests", "plans")]
    [InlineData("--minutes must be a whole number from 1 to 1440, such as --minutes 30.", "fuzz", "--minutes", "0")]
    [InlineData("--often is not an option here; ./dev help lists them.", "endure", "--often")]
    [InlineData("--often is not an option here; ./dev help lists them.", "endure", "--runs", "500", "--often")]
    [InlineData("--runs must be a whole number from 100 to 100000000, such as --runs 10000.", "endure", "--runs", "7")]
    [InlineData("--kills must be a whole number from 1 to 10000, such as --kills 200.", "endure", "--kills", "0")]
    [InlineData("--fast and --changed exclude each other: --changed runs the fast tests, too.", "test", "--changed", "--fast")]
    public async Task A_wrong_option_is_reported_before_anything_starts(string message, params string[] args)
    {
        Assert.Equal((1, "", $"dev: {message}{Environment.NewLine}"), await InvokeAsync(args));
        Assert.Empty(_folder.EnumerateFileSystemInfos());
    }

    [Fact]
    public async Task Down_says_if_nothing_runs() => Assert.Equal(
        (0, "", "dev: nothing is running\ndev: to start over: rm -rf .dev eng/*/node_modules\n"), await InvokeAsync("down"));

    [Fact]
    public async Task A_second_command_is_refused_and_down_stops_the_first()
    {
        Directory.CreateDirectory(Workspace.PathOf("run"));
        using var folder = new ServerFolder("dev");
        using var other = ServerProcess.Start(folder, "flock", ["--no-fork", Workspace.PathOf("run/lock"), "sleep", "600"]);
        await File.WriteAllTextAsync(Workspace.PathOf("run/dev.pid"), $"{other.Id}", TestContext.Current.CancellationToken);
        await Deadline.UntilAsync("the lock is held", () => IsLocked(Workspace.PathOf("run/lock")));

        var refused = await InvokeAsync("build");
        var down = await InvokeAsync("down");

        Assert.Equal((1, "", $"dev: another ./dev is at work in this folder (pid {other.Id}); ./dev down stops it.\n"), refused);
        Assert.Equal((0, "", "dev: stopping dev\ndev: to start over: rm -rf .dev eng/*/node_modules\n"), down);
        await other.UntilEndedAsync();
    }

    [Fact]
    public async Task A_state_folder_that_cannot_be_written_is_reported()
    {
        var file = Path.Combine(_folder.FullName, "file");
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);

        var (code, _, error) = await InvokeAsync(new Workspace(Repository.Root, file), "build");

        Assert.Equal(1, code);
        Assert.Contains("it can be removed.", error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static bool IsLocked(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    private Task<(int Code, string Output, string Error)> InvokeAsync(params string[] args) => InvokeAsync(Workspace, args);

    private static async Task<(int Code, string Output, string Error)> InvokeAsync(Workspace workspace, params string[] args)
    {
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        using var stop = new StopSignals();
        var code = await DevCommandLine.InvokeAsync(args, workspace, output, error, stop);
        return (code, $"{output}", $"{error}");
    }
}
