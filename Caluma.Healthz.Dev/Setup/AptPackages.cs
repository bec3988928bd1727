using Caluma.Healthz.Dev.Processes;
using Caluma.Healthz.Servers;

namespace Caluma.Healthz.Dev.Setup;

/// <summary>Installs Debian packages, as root or with sudo.</summary>
internal sealed class AptPackages(Workspace workspace, Steps steps)
{
    /// <summary>The packages whose service Debian starts at once and at every boot, with the name of the unit.</summary>
    private static readonly Dictionary<string, string> _units = new()
    {
        ["postgresql"] = "postgresql",
        ["redis-server"] = "redis-server",
        ["memcached"] = "memcached",
        ["pgbouncer"] = "pgbouncer",
        ["prometheus-alertmanager"] = "prometheus-alertmanager",
        ["prometheus"] = "prometheus",
        ["ceph-mon"] = "ceph.target",
    };

    private string Log => workspace.LogOf("apt");

    public async Task InstallAsync(IReadOnlyList<string> packages, CancellationToken cancellationToken)
    {
        var names = string.Join(' ', packages);
        if (!Executable.IsInstalled("apt-get"))
        {
            throw new DevException($"please install: {names}. (./dev does so on Debian and Ubuntu only.)");
        }

        if (!Environment.IsPrivilegedProcess && !Executable.IsInstalled("sudo"))
        {
            throw new DevException($"please install: {names}. (./dev does so as root, or with sudo.)");
        }

        // Printed without a progress display: sudo may ask for a password.
        steps.Report($"installing with apt: {names} (takes a minute or two)");
        File.Delete(Log);

        // One of the machine's repositories may be broken and not matter here; the installation decides.
        await RunAsync([.. Apt("update")], cancellationToken);
        if (await RunAsync([.. Apt("install"), "--no-install-recommends", .. packages], cancellationToken) != 0)
        {
            throw new DevException($"apt could not install {names}.") { Log = Log };
        }

        // ./dev starts its own servers on other ports.
        foreach (var package in packages.Where(_units.ContainsKey))
        {
            string[] command = Directory.Exists("/run/systemd/system")
                ? ["systemctl", "disable", "--now", _units[package]]
                : ["service", package, "stop"];
            await RunAsync(command, cancellationToken);
        }
    }

    private static IEnumerable<string> Apt(string command) =>
    [
        "env", "DEBIAN_FRONTEND=noninteractive", "NEEDRESTART_MODE=l",
        "apt-get", "-q", "-y", "-o", "DPkg::Lock::Timeout=120", "-o", "Acquire::Retries=3", command,
    ];

    private Task<int> RunAsync(IReadOnlyList<string> command, CancellationToken cancellationToken) => Child.RunAsync(
        Environment.IsPrivilegedProcess ? command : ["sudo", .. command],
        new ChildOptions(workspace.Root) { Log = Log, AppendsToLog = true, SharesSession = true },
        cancellationToken);
}
