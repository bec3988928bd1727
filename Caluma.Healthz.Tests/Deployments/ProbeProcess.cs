using System.Text.RegularExpressions;
using Caluma.Healthz.Tests.Server;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace Caluma.Healthz.Tests.Deployments;

/// <summary>The command <c>serve</c> in a process of its own. The lines of its console become entries of the log.</summary>
internal sealed partial class ProbeProcess : RunningProbe
{
    private readonly HealthzProcess _process;

    private ProbeProcess(HealthzProcess process, Uri address, string key, FakeLogCollector log)
        : base(address, key, log, new RunLogged(process.Log)) => _process = process;

    /// <inheritdoc cref="RunningProbe.StartAsync(IConfiguration, string)"/>
    public static new async Task<ProbeProcess> StartAsync(IConfiguration settings, string key)
    {
        var log = new FakeLogCollector();
        var hasKeys = !string.IsNullOrEmpty(settings["HEALTHZ_FUNCTION_KEYS"]);
        var process = await HealthzProcess.StartAsync(
            settings.AsEnumerable().Where(setting => !setting.Key.StartsWith("Logging:Console:", StringComparison.OrdinalIgnoreCase)),
            ["serve", "--urls", "http://127.0.0.1:0", .. hasKeys ? Array.Empty<string>() : ["--no-auth"]],
            log: new ServerLog(line => Write(log, line)));
        try
        {
            return new ProbeProcess(process, await process.UntilListeningAsync(), key, log);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    protected override async Task StopAsync()
    {
        await using (_process)
        {
            _process.Send(Signal.Terminate);
            await _process.UntilEndedAsync();
            Assert.True(_process.ExitCode == 0, $"{_process.Log}");
        }
    }

    private static void Write(FakeLogCollector log, string line)
    {
        if (Line().Match(line) is { Success: true, Groups: var parts })
        {
            var message = parts["message"].Value;
            var level = Enum.GetValues<LogLevel>().First(level => Abbreviation(level) == parts["level"].Value);
            List<KeyValuePair<string, object?>> state =
            [
                .. Pair().Matches(message).Select(pair => KeyValuePair.Create(
                    $"{char.ToUpperInvariant(pair.Groups["name"].Value[0])}{pair.Groups["name"].Value[1..]}",
                    (object?)pair.Groups["value"].Value)),
            ];
            new FakeLogger(log, parts["category"].Value).Log(
                level, new EventId(int.Parse(parts["id"].Value), message.Split(' ')[0]), state, exception: null, (_, _) => message);
        }
    }

    private static string Abbreviation(LogLevel level) => level switch
    {
        LogLevel.Trace => "trce",
        LogLevel.Debug => "dbug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "fail",
        _ => "crit",
    };

    [GeneratedRegex(@"^\S+Z (?<level>[a-z]{4}): (?<category>\S+)\[(?<id>-?[0-9]+)\] (?<message>.*)$")]
    private static partial Regex Line();

    [GeneratedRegex("(?<= )(?<name>[a-zA-Z]+)=(?<value>.*?)(?= [a-zA-Z]+=|$)")]
    private static partial Regex Pair();

    /// <summary>
    /// Holds an answer back until the log has its run: the console logger writes in the background. Requests at the same time may share a
    /// run: the first of their answers waits for it, and it may have been logged before a late one of them was sent.
    /// </summary>
    private sealed class RunLogged(ServerLog log) : DelegatingHandler(new SocketsHttpHandler())
    {
        private readonly Lock _lock = new();
        private readonly HashSet<string> _answers = [];
        private int _requests;
        private int _first;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var sent = log.Count;
            lock (_lock)
            {
                if (_requests++ == 0)
                {
                    _first = sent;
                    _answers.Clear();
                }
            }

            try
            {
                var response = await base.SendAsync(request, cancellationToken);
                if (response.Headers.TryGetValues("Server-Timing", out var timing) && response.Headers.Age == TimeSpan.Zero
                    && From(string.Concat(timing), sent) is { } from)
                {
                    await log.SeenAsync("HealthzRunCompleted", from).WaitAsync(Deadline.Default, cancellationToken);
                }

                return response;
            }
            finally
            {
                lock (_lock)
                {
                    _requests--;
                }
            }
        }

        /// <summary>Since which line of the log to wait for the run of an answer; null where another answer waits for it.</summary>
        private int? From(string answer, int sent)
        {
            lock (_lock)
            {
                return !_answers.Add(answer) ? null : _answers.Count == 1 ? _first : sent;
            }
        }
    }
}
