using Caluma.Healthz.Dev.Setup;
using Caluma.Healthz.Tests.Deployments;
using Caluma.Healthz.Tests.Server;
using Caluma.Healthz.Tests.Server.Commands;
using Caluma.Healthz.Tests.Servers;
using Microsoft.Extensions.Configuration;

namespace Caluma.Healthz.Tests.Forms;

/// <summary>The tests of a class ask the native program that ships, in a process of its own.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NativeAttribute : ProbeFormAttribute
{
    /// <summary>The output goes to files, byte for byte; a reader of lines would lose their ends.</summary>
    private const string Redirected = """exec "$@" >output 2>error""";

    private static readonly Lazy<Task<string>> _program = new(() => new NativeServer(Repository.Root).PublishAsync(CancellationToken.None));

    /// <summary>The path of the native program; compiled first, where its sources have changed.</summary>
    internal static Task<string> Program => _program.Value;

    internal override Task<string> FindProgramAsync() => Program;

    internal override async Task<CommandLine> RunAsync(IConfiguration settings, string[] args)
    {
        using var folder = new ServerFolder("native");
        var environment = HealthzProcess.Place(settings.AsEnumerable(), folder);
        using var process = ServerProcess.Start(folder, "sh", ["-c", Redirected, "sh", await Program, .. args], environment: environment);
        await process.UntilEndedAsync();
        return new CommandLine(process.ExitCode, await ReadAsync("output"), await ReadAsync("error"));

        Task<string> ReadAsync(string name) => File.ReadAllTextAsync(folder.PathOf(name));
    }

    internal override async Task<RunningProbe> StartAsync(IConfiguration settings, string key) =>
        await ProbeProcess.StartAsync(settings, key);
}
