using Caluma.Healthz.Dev.Processes;
using Caluma.Healthz.Dev.Setup;

namespace Caluma.Healthz.Dev.Commands;

/// <summary><c>./dev bench</c>: measures the probe beside its floors and peers, or runs another benchmark.</summary>
internal sealed class BenchCommand(Workspace workspace, Steps steps)
{
    private static readonly Need[] _needs = [Need.Postgres, Need.PgBouncer, Need.Redis, Need.Azurite, Need.NativeCompiler];

    private static readonly string[] _tableOptions = ["--only", "--rounds", "--format"];

    public async Task<int> RunAsync(IReadOnlyList<string> args, CancellationToken cancellationToken)
    {
        string[] all = [.. args];
        string[] arguments = all switch
        {
            ["--alerts", .. var rest] => ["alerts", .. rest],
            ["--micro", .. var rest] => ["micro", .. rest],
            _ when all.FirstOrDefault(arg => arg.StartsWith('-') && !_tableOptions.Contains(arg.Split('=')[0])) is { } unknown =>
                throw new DevException($"{unknown} is not an option here; ./dev help lists them."),
            [var first, ..] when !first.StartsWith('-') => throw new DevException($"{first} is not an option here; ./dev help lists them."),
            _ => ["table", workspace.PathOf("bench"), .. all],
        };
        using var alone = OneAtATime.Enter(workspace);
        if (arguments[0] == "table")
        {
            await new Requirements(workspace, steps).EnsureAsync(_needs, cancellationToken);
        }

        await new Solution(workspace, steps).RestoreAsync(cancellationToken);
        return await Child.RunAsync(
            ["dotnet", "run", "--project", "Caluma.Healthz.Benchmarks", "-c", "Release", "--", .. arguments],
            new ChildOptions(workspace.Root),
            cancellationToken);
    }
}
