using System.CommandLine;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;
using Caluma.Healthz.Server.Demo;

namespace Caluma.Healthz.Server.Commands;

/// <summary><c>demo</c>: replaces a history by an invented one, for <c>./dev run --demo</c>.</summary>
internal static class DemoCommand
{
    private const string Suffix = "-demo";

    public static Command Create(IConfiguration settings)
    {
        var command = new Command(
            "demo", $"Replace the history in a container or folder whose name ends with {Suffix} by {DemoHistory.Days} invented days.")
        {
            Hidden = true,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var error = parsed.InvocationConfiguration.Error;
            return HistoryAccess.RunAsync(settings, error, needsTargets: true, async services =>
            {
                var options = services.GetRequiredService<HealthzConfiguration>().Options;
                var (setting, place) = options.History!.Folder is { } folder
                    ? ("Healthz__History__Folder", folder)
                    : ("Healthz__History__Container", options.History.Storage!.Container);
                if (!place.EndsWith(Suffix, StringComparison.Ordinal))
                {
                    await error.WriteLineAsync($"{setting} is {place}; expected one that ends with {Suffix}, for all in it is deleted.");
                    return ExitCode.Invalid;
                }

                var storage = services.GetRequiredService<IHistoryStorage>();
                await DemoHistory.ClearAsync(storage, cancellationToken);
                var demo = new DemoHistory(options, services.GetRequiredService<TimeProvider>().GetUtcNow());
                await DemoHistory.WriteAsync(
                    demo.Records(), options, storage, services.GetRequiredService<DocumentStore>(), cancellationToken);
                return ExitCode.Healthy;
            }, cancellationToken, mustExist: false);
        });
        return command;
    }
}
