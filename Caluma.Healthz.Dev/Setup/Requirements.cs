using Caluma.Healthz.Servers;

namespace Caluma.Healthz.Dev.Setup;

/// <summary>Installs the programs that a command needs and the machine lacks.</summary>
internal sealed class Requirements(Workspace workspace, Steps steps)
{
    /// <summary>The needs of the tests.</summary>
    public static readonly IReadOnlyList<Need> OfTests =
    [
        Need.Postgres, Need.Redis, Need.Azurite, Need.Memcached, Need.PgBouncer, Need.S3, Need.Kql, Need.Browser, Need.Alertmanager,
        Need.Prometheus, Need.Compose, Need.Helm, Need.NativeCompiler,
    ];

    /// <summary>The Debian package of each need, and how to recognise that it is installed.</summary>
    private static readonly (Need Need, string Package, Func<bool> IsMet)[] _packages =
    [
        (Need.Postgres, "postgresql", () => PostgresServer.IsInstalled),
        (Need.Redis, "redis-server", () => Executable.IsInstalled("redis-server")),
        (Need.Memcached, "memcached", () => Executable.IsInstalled("memcached")),
        (Need.PgBouncer, "pgbouncer", () => Executable.IsInstalled("pgbouncer", ["/usr/sbin"])),
        (Need.Alertmanager, "prometheus-alertmanager", () => Executable.IsInstalled("prometheus-alertmanager")),
        (Need.Prometheus, "prometheus", () => Executable.IsInstalled("promtool")),
        (Need.Compose, "docker-compose", () => Executable.IsInstalled("docker-compose")),
        (Need.S3, "radosgw", () => Executable.IsInstalled("radosgw")),
        (Need.S3, "ceph-mon", () => Executable.IsInstalled("ceph-mon")),
        (Need.S3, "ceph-osd", () => Executable.IsInstalled("ceph-osd")),

        // ILCompiler comes by NuGet; it links with clang, and with the zlib of the system.
        (Need.NativeCompiler, "clang", () => Executable.IsInstalled("clang")),
        (Need.NativeCompiler, "zlib1g-dev", () => File.Exists("/usr/include/zlib.h")),

        (Need.Fuzzer, "afl++", () => Executable.IsInstalled("afl-fuzz")),

        // On Ubuntu the package only refers to a snap; Google's package serves as well.
        (Need.Browser, "chromium-headless-shell", () =>
            Array.Exists(["chromium-headless-shell", "chromium", "google-chrome"], program => Executable.IsInstalled(program))),
        (Need.Azurite, "nodejs", () => Executable.IsInstalled("node")),
        (Need.Azurite, "npm", () => Executable.IsInstalled("npm")),
    ];

    /// <summary>The folders of eng/ with npm packages, and their needs.</summary>
    private static readonly (Need Need, string Folder, string Name)[] _modules =
    [
        (Need.Azurite, "azurite", "Azurite"),
        (Need.CoreTools, "core-tools", "Azure Functions Core Tools"),
        (Need.Kql, "kql", "the KQL parser"),
        (Need.Browser, "axe", "axe"),
        (Need.Helm, "helm", "Helm"),
    ];

    /// <summary>The Debian packages for a need.</summary>
    public static IEnumerable<string> PackagesOf(Need need) =>
        _packages.Where(entry => entry.Need == need).Select(entry => entry.Package);

    public async Task EnsureAsync(IReadOnlyCollection<Need> needs, CancellationToken cancellationToken)
    {
        var modules = _modules.Where(module => needs.Contains(module.Need)).ToList();

        // npm needs Node.js.
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
