using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Caluma.Healthz.Dev.Demo;

/// <summary>Replaces a history by an invented one, for <c>./dev run --demo</c>.</summary>
internal static class DemoRecorder
{
    /// <summary>The suffix of containers and folders in which everything may be deleted.</summary>
    public const string Suffix = "-demo";

    /// <summary>Replaces the history that the settings name.</summary>
    /// <exception cref="DevException">The settings are invalid, or the place has another name or cannot be written.</exception>
    public static async Task ReplaceAsync(IConfiguration settings, CancellationToken cancellationToken)
    {
        var configuration = HealthzConfiguration.Read(settings);
        if (configuration.Problems.Count > 0)
        {
            throw new DevException(["The configuration is invalid:", .. configuration.Problems.Select(problem => $"  {problem}")]);
        }

        var options = configuration.Options;
        options.Enabled = true;
        var (setting, place) = options.History switch
        {
            null => throw new DevException("No history is recorded: expected Healthz__History__Folder or another place."),
            { Folder: { } folder } => ("Healthz__History__Folder", folder),
            { Storage: var storage } => ("Healthz__History__Container", storage!.Container),
        };
        if (!place.EndsWith(Suffix, StringComparison.Ordinal))
        {
            throw new DevException($"{setting} is {place}; expected a name that ends with {Suffix}, because everything in it is deleted.");
        }

        await using var services = new ServiceCollection().AddLogging().AddHealthz(configuration).BuildServiceProvider();
        try
        {
            var storage = services.GetRequiredService<IHistoryStorage>();
            await DemoHistory.ClearAsync(storage, cancellationToken);
            var demo = new DemoHistory(options, services.GetRequiredService<TimeProvider>().GetUtcNow());
            await DemoHistory.WriteAsync(demo.Records(), options, storage, services.GetRequiredService<DocumentStore>(), cancellationToken);
        }
        catch (Exception exception) when (HistoryFailure.Covers(exception) && !cancellationToken.IsCancellationRequested)
        {
            throw new DevException(exception is HistoryFolderException
                ? exception.Message
                : $"The history cannot be written ({HistoryFailure.ReasonFor(exception).Code()}).");
        }
    }
}
