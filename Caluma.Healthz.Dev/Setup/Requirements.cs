using Caluma.Healthz.Servers;

namespace Caluma.Healthz.Dev.Setup;

/// <summary>Installs what a command needs and the machine lacks, and nothing else.</summary>
internal sealed class Requirements(Workspace workspace, Steps steps)
{
    /// <summary>What the tests need.</summary>
    public static readonly IReadOnlyList<Need> OfTests =
        [Need.Postgres, Need.Redis, Need.Azurite, Need.Memcached, Need.PgBouncer, Need.S3, Need.Kql, Need.Browser, Need.Alertmanager];

    /// <summary>For each need a Debian package, and what tells that it is there.</summary>
    private static readonly (Need Need, string Package, Func<bool> IsMet)[] _packages =
    [
        (Need.Postgres, "postgresql", () => PostgresServer.IsInstalled),
        (Need.Redis, "redis-server", () => Executable.IsInstalled("redis-server")),
        (Need.Memcached, "memcached", () => Executable.IsInstalled("memcached")),
        (Need.PgBouncer, "pgbouncer", () => Executable.IsInstalled("pgbouncer", ["/usr/sbin"])),
        (Need.Alertmanager, "prometheus-alertmanager", () => Executable.IsInstalled("prometheus-alertmanager")),
        (Need.S3, "radosgw", () => Executable.IsInstalled("radosgw")),
        (Need.S3, "ceph-mon", () => Executable.IsInstalled("ceph-mon")),
        (Need.S3, "ceph-osd", () => Executable.IsInstalled("ceph-osd")),

        // On Ubuntu the package is a stand-in for a snap, and Google's is as good.
        (Need.Browser, "chromium", () => Executable.IsInstalled("chromium") || Executable.IsInstalled("google-chrome")),
        (Need.Azurite, "nodejs", () => Executable.IsInstalled("node")),
        (Need.Azurite, "npm", () => Executable.IsInstalled("npm")),
    ];

    /// <summary>What npm installs into eng/, and for which need.</summary>
    private static readonly (Need Need, string Folder, string Name)[] _modules =
    [
        (Need.Azurite, "azurite", "Azurite"),
        (Need.CoreTools, "core-tools", "Azure Functions Core Tools"),
        (Need.Kql, "kql", "the KQL parser"),
        (Need.Browser, "axe", "axe"),
    ];

    public async Task EnsureAsync(IReadOnlyCollection<Need> needs, CancellationToken cancellationToken)
    {
        var modules = _modules.Where(module => needs.Contains(module.Need)).ToList();

        // Node.js is needed where npm is; the packages of Azurite's need are its.
        IEnumerable<Need> all = modules.Count > 0 ? needs.Append(Need.Azurite) : needs;
        var missing = _packages.Where(entry => all.Contains(entry.Need) && !entry.IsMet()).Select(entry => entry.Package).ToList();
        if (missing.Count > 0)
        {
            await new AptPackages(workspace, steps).InstallAsync(missing, cancellationToken);
        }

        var npm = new NpmModules(workspace, steps);
        foreach (var (_, folder, name) in modules)
        {
            await npm.InstallAsync(folder, name, cancellationToken);
        }
    }
}
