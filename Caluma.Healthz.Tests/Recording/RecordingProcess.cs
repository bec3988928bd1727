using System.Globalization;
using System.Text.RegularExpressions;
using Caluma.Healthz.History;

namespace Caluma.Healthz.Tests.Recording;

/// <summary>A process that runs a <see cref="RecordingLoop"/>.</summary>
internal sealed partial class RecordingProcess : IAsyncDisposable
{
    private readonly ServerFolder _folder;
    private readonly ServerProcess _process;

    private RecordingProcess(ServerFolder folder, ServerProcess process) => (_folder, _process) = (folder, process);

    /// <summary>Its output.</summary>
    public ServerLog Log => _process.Log;

    /// <summary>Starts a process.</summary>
    /// <param name="first">The first tick.</param>
    /// <param name="settings">Its environment, with the place of the history.</param>
    /// <param name="ticks">The number of ticks.</param>
    public static RecordingProcess Start(DateTimeOffset first, IEnumerable<string> settings, int ticks = int.MaxValue)
    {
        var folder = new ServerFolder("recording");
        var environment = settings
            .Concat([
                "ENABLE_HEALTHZ_ENDPOINT=true", "Healthz__Checks=databases",
                "DATABASE_HOST=db", $"Healthz__Schedule={RecordingLoop.Schedule}",
                "DOTNET_TieredPGO=0", // Starts a little faster.
            ])
            .Select(setting => setting.Split('=', 2))
            .ToDictionary(setting => setting[0], setting => (string?)setting[1]);
        string[] arguments = [RecordingLoop.Command, UtcJsonConverter.Format(first), ticks.ToString(CultureInfo.InvariantCulture)];
        var program = Path.Combine(AppContext.BaseDirectory, "Caluma.Healthz.Tests");
        return new RecordingProcess(folder, ServerProcess.Start(folder, program, arguments, environment: environment));
    }

    /// <summary>The ticks that it has reported as recorded, in order.</summary>
    public IReadOnlyList<DateTimeOffset> Acknowledged() =>
        [.. Recorded().Matches($"{Log}").Select(match => DateTimeOffset.Parse(match.Groups["tick"].Value, CultureInfo.InvariantCulture))];

    /// <summary>Waits until it has recorded a number of ticks.</summary>
    public async Task UntilRecordedAsync(int ticks)
    {
        await _process.UntilLoggedAsync(RecordingLoop.Ready);
        await Deadline.UntilAsync($"{ticks} ticks are recorded", () => Acknowledged().Count >= ticks, () => $"{Log}");
    }

    public Task KillAsync()
    {
        _process.Send(Signal.Kill);
        return _process.UntilEndedAsync();
    }

    public Task UntilEndedAsync() => _process.UntilEndedAsync();

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasEnded)
        {
            await _process.KillAsync();
        }

        _process.Dispose();
        _folder.Dispose();
    }

    [GeneratedRegex("^HealthzRunRecorded tick=(?<tick>[^ ]+) ", RegexOptions.Multiline)]
    private static partial Regex Recorded();
}
