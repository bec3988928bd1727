using System.Globalization;

namespace Caluma.Healthz.Servers;

/// <summary>A real Alertmanager that sends everything to one webhook at once.</summary>
internal sealed class AlertmanagerServer : Server
{
    private AlertmanagerServer(Uri receiver)
        : base("alertmanager") =>
        File.WriteAllText(Path.Combine(Folder.Path, "alertmanager.yml"), Config(receiver));

    /// <summary>Its address.</summary>
    public string Address => $"http://{Host}:{Port.ToString(CultureInfo.InvariantCulture)}";

    protected override string ReadyText => "Listening on";

    /// <param name="receiver">The receiver of its notifications.</param>
    public static Task<AlertmanagerServer> StartNewAsync(Uri receiver) => StartAsync(new AlertmanagerServer(receiver));

    /// <summary>
    /// Whether it has noted the delivery. An Alertmanager that is stopped before that notifies its receiver again after a restart, because
    /// it delivers at least once.
    /// </summary>
    public bool HasNoted => Log.ToString().Contains("Notify success", StringComparison.Ordinal);

    protected override ServerProcess StartProcess() => ServerProcess.Start(
        Folder,
        Executable.Find("prometheus-alertmanager", "/usr/bin"),
        [
            $"--config.file={Path.Combine(Folder.Path, "alertmanager.yml")}", $"--storage.path={Path.Combine(Folder.Path, "data")}",
            $"--web.listen-address={Host}:{Port.ToString(CultureInfo.InvariantCulture)}", "--cluster.listen-address=",
            "--log.level=debug",
        ],
        log: Log);

    private static string Config(Uri receiver) => $"""
        route:
          receiver: webhook
          group_by: ['...']
          group_wait: 100ms
          group_interval: 100ms
          repeat_interval: 24h
        receivers:
          - name: webhook
            webhook_configs:
              - url: {receiver}
                send_resolved: true
        """;
}
