using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;

namespace Caluma.Healthz.Server.Commands;

/// <summary>Opens the history for a command: validates the configuration and handles failures of the storage.</summary>
internal static class HistoryAccess
{
    /// <param name="settings">The settings of the process.</param>
    /// <param name="error">Gets the errors.</param>
    /// <param name="needsTargets">Whether the settings of the targets must be valid, too.</param>
    /// <param name="action">Gets the services, including an <see cref="IHistoryStorage"/>, and returns the exit code.</param>
    /// <param name="cancellationToken">Cancels the command.</param>
    public static async Task<int> RunAsync(
        IConfiguration settings,
        TextWriter error,
        bool needsTargets,
        Func<IServiceProvider, Task<int>> action,
        CancellationToken cancellationToken)
    {
        var configuration = needsTargets ? HealthzConfiguration.Read(settings) : HealthzConfiguration.ReadForHistory(settings);
        if (HealthzCommandLine.WriteProblems(configuration, error))
        {
            return ExitCode.Invalid;
        }

        // ENABLE_HEALTHZ_ENDPOINT is for the routes; the history is readable all the same.
        configuration.Options.Enabled = true;
        if (configuration.Options.History is null)
        {
            await error.WriteLineAsync($"{HistoryOptions.NotRecorded}.");
            return ExitCode.Invalid;
        }

        await using var services = new ServiceCollection().AddLogging().AddHealthz(configuration).BuildServiceProvider();
        try
        {
            if (!await services.GetRequiredService<IHistoryStorage>().ExistsAsync(cancellationToken))
            {
                await error.WriteLineAsync(
                    $"{Place(configuration.Options.History)} not found: nothing has ever been recorded there. Check the setting with the "
                        + "command config.");
                return ExitCode.Invalid;
            }

            return await action(services);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCode.Invalid;
        }
        catch (Exception exception) when (HistoryFailure.Covers(exception))
        {
            await error.WriteLineAsync(exception is HistoryFolderException
                ? exception.Message
                : $"The history cannot be read ({HistoryFailure.ReasonFor(exception).Code()}).");
            return ExitCode.Invalid;
        }
    }

    private static string Place(HistoryOptions history) =>
        history.Folder is { } folder ? $"Folder {folder}" : $"Container {history.Storage!.Container}";
}
