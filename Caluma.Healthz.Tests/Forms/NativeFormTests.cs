using System.Text.RegularExpressions;
using Caluma.Healthz.Tests.Configuration;
using Caluma.Healthz.Tests.Deployments;
using Caluma.Healthz.Tests.Server;
using Caluma.Healthz.Tests.Server.Commands;

namespace Caluma.Healthz.Tests.Forms;

/// <summary>Sees to it that what is tested of the probe is tested of the native program, too.</summary>
[Slow]
public sealed partial class NativeFormTests
{
    private const string Native = "Native";
    private const string Forms = "Caluma.Healthz.Tests.Forms.";
    private const string Kestrel = "ServerContractTests asks the native server for every route.";
    private const string Faults = "Each kind of fault is among the scenarios; all of them on all ways take minutes.";
    private const string Reasons = "The scenarios have each kind of server and reason; what a server is asked does not depend on the form.";
    private const string Tables = "It looks at tests, and asks no probe itself.";
    private const string Pages = "NativePagesTests compares all pages of the two forms.";

    private static readonly string[] _compiled = ["Caluma.Healthz", "Caluma.Healthz.Server"];

    /// <summary>The classes of tests that ask a probe and have no native form, and why.</summary>
    private static readonly Dictionary<string, string> _inProcessAlone = new()
    {
        ["Checks.Caches.CacheFaultTests"] = Faults,
        ["Checks.Caches.CacheReasonTests"] = Reasons,
        ["Checks.Caches.ClusterFaultTests"] = Faults,
        ["Checks.Caches.RedisSettingsTests"] = Reasons,
        ["Checks.Caches.SentinelFaultTests"] = Faults,
        ["Checks.Databases.DatabaseFaultTests"] = Faults,
        ["Checks.Databases.DatabaseProbeTests"] = Reasons,
        ["Checks.Databases.HostListTests"] = Reasons,
        ["Checks.Databases.LibraryDeploymentTests"] = Reasons,
        ["Checks.Databases.PgBouncerFaultTests"] = Faults,
        ["Checks.Databases.PgBouncerTests"] = Reasons,
        ["Checks.Databases.ProbeRoleTests"] = Reasons,
        ["Checks.MediaStorage.MediaStorageFaultTests"] = Faults,
        ["Checks.MediaStorage.S3FaultTests"] = Faults,
        ["Dev.Demo.DemoHistoryTests"] = Pages,
        ["History.FolderHistoryTests"] = "The clock is the test's; FolderRecordingTests has the native form.",
        ["Http.HistoryHandlersTests"] = Pages,
        ["Http.SchemaTests"] = Pages,
        ["Pages.DashboardAccessTests"] = Pages,
        ["Pages.DashboardTests"] = Pages,
        ["Pages.PageRequestTests"] = Pages,
        ["Pages.PictureTests"] = Pages,
        ["Scenarios.ScenarioTableTests"] = Tables,
        ["SecretsTests"] = "The log is one that keeps the values apart from the text.",
        ["Server.Commands.DirtyReplayTests"] = "ReplayCommandTests has the native form.",
        ["Server.Serving.HealthzServerTests"] = "The loggers and the clock are the test's.",
        ["Server.Serving.RawHttpTests"] = Kestrel,
        ["Server.Serving.RecordingServiceTests"] = "The clock is the test's; FolderRecordingTests has the native form.",
        ["Server.Serving.SignInTests"] = Kestrel,
        ["TestSelectionTests"] = Tables,
    };

    [Fact]
    public async Task No_command_is_forgotten()
    {
        var error = (await CommandLine.RunAsync(Settings.Of(), "?")).Error;
        var commands = error.Split("Choose one: ")[1].Split('.')[0].Split(", ").Except(["completion"]).ToList();

        Assert.NotEmpty(commands);
        Assert.All(commands, command => Assert.NotNull(typeof(HealthzCommandLineTests).Assembly.GetType(
            $"{typeof(HealthzCommandLineTests).Namespace}.{char.ToUpperInvariant(command[0])}{command[1..]}CommandTests+{Native}")));
    }

    [Fact]
    public void No_warning_of_the_native_compiler_is_suppressed()
    {
        var sources =
            from folder in _compiled
            from file in Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs*", SearchOption.AllDirectories)
            where !file.Contains("/obj/", StringComparison.Ordinal)
            select file;
        var all = sources.Concat(Directory.EnumerateFiles(Repository.Root, "Directory.*.props")).ToList();

        Assert.InRange(all.Count, 100, int.MaxValue);
        Assert.DoesNotContain(all, file => Suppression().IsMatch(File.ReadAllText(file)));
    }

    [Fact]
    public void What_asks_a_probe_asks_the_native_program_or_there_is_a_reason()
    {
        // HealthzProcess is the native program wherever all tests run.
        string[] probes = [typeof(RunningProbe).FullName!, typeof(CommandLine).FullName!];
        var users = new TypeUses(typeof(NativeFormTests).Assembly)
            .WaysTo(type => probes.Contains(type), leadsOn: type =>
                type != typeof(CalumaDeployment).FullName && type.StartsWith(Forms, StringComparison.Ordinal) is false);
        var alone =
            from type in TestSelection.Classes
            where type != typeof(NativeFormTests) && users.ContainsKey(type.FullName!)
            where !type.IsDefined(typeof(ProbeFormAttribute), inherit: true) && type.GetNestedType(Native) is null
            select type.FullName!["Caluma.Healthz.Tests.".Length..];

        var found = alone.ToHashSet();
        var wrong = found.Except(_inProcessAlone.Keys).Select(name => $"{name} has no native form and no reason")
            .Concat(_inProcessAlone.Keys.Except(found).Select(name => $"{name} has a reason and asks no probe"));
        var text = string.Join(Environment.NewLine, wrong.Order(StringComparer.Ordinal));
        Assert.True(text.Length == 0, text);
    }

    [GeneratedRegex("IL[23][0-9]{3}|UnconditionalSuppressMessage")]
    private static partial Regex Suppression();
}
