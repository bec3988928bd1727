using Caluma.Healthz.Tests.Deployments;
using Caluma.Healthz.Tests.Server;
using Caluma.Healthz.Tests.Server.Commands;
using Caluma.Healthz.Tests.Servers;
using Microsoft.Extensions.Configuration;

namespace Caluma.Healthz.Tests.Forms;

/// <summary>The tests of a class ask a program in a process of its own.</summary>
[AttributeUsage(AttributeTargets.Class)]
public abstract class ProcessFormAttribute : ProbeFormAttribute
{
    /// <summary>The output goes to files, byte for byte; a reader of lines would lose their ends.</summary>
    private const string Redirected = """exec "$@" >output 2>error""";

    internal override async Task<CommandLine> RunAsync(IConfiguration settings, string[] args)
    {
        using var folder = new ServerFolder("command");
        var environment = HealthzProcess.Place(settings.AsEnumerable(), folder);
        using var process = ServerProcess.Start(
            folder, "sh", ["-c", Redirected, "sh", await FindProgramAsync(), .. args], environment: environment);
        await process.UntilEndedAsync();
        return new CommandLine(process.ExitCode, await ReadAsync("output"), await ReadAsync("error"));

        Task<string> ReadAsync(string name) => File.ReadAllTextAsync(folder.PathOf(name));
    }

    internal override async Task<RunningProbe> StartAsync(IConfiguration settings, string key) =>
        await ProbeProcess.StartAsync(settings, key);
}
