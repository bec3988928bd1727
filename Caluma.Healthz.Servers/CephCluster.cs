namespace Caluma.Healthz.Servers;

/// <summary>The smallest possible Ceph cluster for a gateway: one monitor, and one daemon that stores in memory.</summary>
internal sealed class CephCluster : IAsyncDisposable
{
    private readonly PortReservation _port = new();
    private readonly ServerFolder _folder;
    private readonly ServerLog _log;
    private readonly string _id = Guid.NewGuid().ToString();
    private ServerProcess? _monitor;
    private ServerProcess? _store;

    /// <summary>Prepares a cluster.</summary>
    /// <param name="folder">The folder of its files; the caller removes it.</param>
    /// <param name="log">Gets the output of its processes.</param>
    public CephCluster(ServerFolder folder, ServerLog log)
    {
        _folder = folder;
        _log = log;
    }

    public IReadOnlyList<int> ProcessIds =>
        [.. new[] { _monitor, _store }.OfType<ServerProcess>().SelectMany(process => ProcessTree.Of(process.Id))];

    // Without cephx there is no encryption, so radosgw must not require it. Without its cache a gateway never waits for other gateways, nor
    // for a killed one. The store takes free ports from 6800 on, below those of the kernel and PortReservation.
    private string Configuration =>
        $"""
        [global]
        fsid = {_id}
        mon host = v2:{Server.Host}:{_port.Port}
        auth cluster required = none
        auth service required = none
        auth client required = none
        ms mon client mode = crc

        run dir = {_folder.Path}
        keyring = {_folder.PathOf("keyring")}
        admin socket =
        log file =
        log to stderr = true
        err to stderr = true
        mon cluster log to file = false
        debug mon = 0
        debug osd = 0
        debug objclass = 0
        debug rocksdb = 0

        osd pool default size = 1
        osd pool default min size = 1
        osd pool default pg num = 1
        osd pool default pgp num = 1
        osd pool default pg autoscale mode = off

        rgw cache enabled = false
        rgw num control oids = 1
        rgw enable gc threads = false
        rgw enable lc threads = false
        rgw enable quota threads = false
        rgw thread pool size = 16
        rgw data = {_folder.PathOf("gateway")}

        [mon]
        mon data = {_folder.PathOf("monitor")}
        mon allow pool size one = true
        mon max pg per osd = 1000
        mon data avail warn = 0
        mon data avail crit = 0
        paxos propose interval = 0.02
        paxos min wait = 0.01

        [osd]
        public addr = {Server.Host}
        cluster addr = {Server.Host}
        osd data = {_folder.PathOf("store")}
        osd objectstore = memstore
        osd crush update on start = false
        """;

    private string ConfigurationFile => _folder.PathOf("ceph.conf");

    /// <summary>Starts it and waits until it stores.</summary>
    public async Task StartAsync()
    {
        var monitorMap = _folder.PathOf("monitor-map");
        var storeMap = _folder.PathOf("store-map");
        foreach (var data in (ReadOnlySpan<string>)["monitor", "store", "gateway"])
        {
            Directory.CreateDirectory(_folder.PathOf(data));
        }

        await File.WriteAllLinesAsync(ConfigurationFile, [Configuration]);

        // With prepared maps the monitor knows the store from the start.
        await RunAsync("monmaptool", "--create", "--fsid", _id, "--addv", "a", $"[v2:{Server.Host}:{_port.Port}]", monitorMap);
        await RunAsync("osdmaptool", "--createsimple", "1", storeMap);
        await RunAsync("ceph-mon", "--id", "a", "--mkfs", "--monmap", monitorMap, "--osdmap", storeMap);
        await RunAsync("ceph-osd", "--id", "0", "--mkfs", "--no-mon-config");

        // One after the other: a process that finds no peer waits for seconds before the next try.
        _monitor = Start("ceph-mon", "--id", "a", "-f");
        await _monitor.UntilLoggedAsync("mon.a is new leader");
        _store = Start("ceph-osd", "--id", "0", "-f", "--no-mon-config");
        await _store.UntilLoggedAsync("1 total, 1 up, 1 in");
    }

    /// <summary>Starts one of Ceph's programs on this cluster.</summary>
    public ServerProcess Start(string program, params IEnumerable<string> arguments) => ServerProcess.Start(
        _folder,
        Executable.Find(program),
        ["-c", ConfigurationFile, .. arguments],
        environment: new Dictionary<string, string?> { ["CEPH_ARGS"] = null },
        log: _log);

    /// <summary>Runs one of Ceph's programs to its end; its failure is an exception.</summary>
    public async Task RunAsync(string program, params IEnumerable<string> arguments)
    {
        using var process = Start(program, arguments);
        await process.UntilEndedAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} failed with {process.ExitCode}:{Environment.NewLine}{_log}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in new[] { _store, _monitor }.OfType<ServerProcess>())
        {
            await process.KillAsync();
            process.Dispose();
        }

        _store = null;
        _monitor = null;
        _port.Dispose();
    }
}
