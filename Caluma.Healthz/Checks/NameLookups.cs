using System.Net;

namespace Caluma.Healthz.Checks;

/// <summary>
/// Tells a target that is silent from a name server that is. A client that looks up a name holds a thread of the pool until the resolver
/// gives up, whatever the client's timeout (Dns.RunAsync of https://github.com/dotnet/runtime), and each further run may hold another. So a
/// name that has hung is looked up here, on a thread of its own, before a client asks for it again. A target that answers costs no lookup.
/// </summary>
/// <param name="lookUp">Returns when the name is found, and throws when it is not; null for the resolver of the system.</param>
internal sealed class NameLookups(Action<string>? lookUp = null)
{
    /// <summary>
    /// The maximum of lookups of one name at a time, each of which holds a thread. The second finds a name server that is back, while the
    /// first still waits for its lost query to be sent again (5 s, https://man7.org/linux/man-pages/man5/resolv.conf.5.html).
    /// </summary>
    private const int MaxPending = 2;

    private readonly Action<string> _lookUp = lookUp ?? (static name => Dns.GetHostAddresses(name));
    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<Task<Exception?>>> _pending = [];
    private readonly HashSet<string> _hung = [];

    /// <summary>The names among hosts, each once. An address or the folder of a socket needs no lookup.</summary>
    public static IReadOnlyList<string> NamesOf(IEnumerable<string> hosts) =>
    [
        .. hosts.Select(host => host.ToLowerInvariant())
            .Where(host => host.Length > 0 && host[0] is not ('/' or '@') && !IPAddress.TryParse(host, out _))
            .Distinct(),
    ];

    /// <summary>The host that an HTTP client looks up: where there is a proxy (<c>HTTPS_PROXY</c>), the proxy looks up the other.</summary>
    public static string HostOf(Uri address) => HttpClient.DefaultProxy.IsBypassed(address)
        ? address.IdnHost
        : (HttpClient.DefaultProxy.GetProxy(address) ?? address).IdnHost;

    /// <summary>Begins to look up the names of a target that has not answered yet.</summary>
    public void Begin(IReadOnlyList<string> names)
    {
        lock (_lock)
        {
            foreach (var name in names)
            {
                Begin(name);
            }
        }
    }

    /// <summary>Whether the lookup of a name is under way still. A name that has hung counts as hung until it is found.</summary>
    public bool Hang(IReadOnlyList<string> names)
    {
        lock (_lock)
        {
            var hanging = names.Where(_pending.ContainsKey).ToList();
            _hung.UnionWith(hanging);
            return hanging.Count > 0;
        }
    }

    /// <summary>Waits until one of the names is found, where all have hung; otherwise it returns at once.</summary>
    /// <exception cref="Exception">None is found; what the resolver says of the last one.</exception>
    public async Task UntilFoundAsync(IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        List<Task<Exception?>> lookups;
        lock (_lock)
        {
            if (names.Count == 0 || !names.All(_hung.Contains))
            {
                return;
            }

            lookups = [.. names.SelectMany(Begin)];
        }

        Exception? failure = null;
        await foreach (var ended in Task.WhenEach(lookups).WithCancellation(cancellationToken))
        {
            failure = await ended;
            if (failure is null)
            {
                return;
            }
        }

        throw failure!;
    }

    /// <summary>All lookups of the name that are under way, with one that begins now, unless there are enough.</summary>
    private List<Task<Exception?>> Begin(string name)
    {
        if (!_pending.TryGetValue(name, out var pending))
        {
            _pending[name] = pending = [];
        }

        if (pending.Count < MaxPending)
        {
            var lookup = new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);
            pending.Add(lookup.Task);

            // In the background, so that a lookup that hangs does not keep the process from ending.
            new Thread(() => LookUp(name, lookup)) { IsBackground = true, Name = "name lookup" }.Start();
        }

        return pending;
    }

    private void LookUp(string name, TaskCompletionSource<Exception?> lookup)
    {
        Exception? failure = null;
        try
        {
            _lookUp(name);
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        lock (_lock)
        {
            if (_pending.TryGetValue(name, out var pending) && pending.Remove(lookup.Task) && pending.Count == 0)
            {
                _pending.Remove(name);
            }

            if (failure is null)
            {
                _hung.Remove(name);
            }
        }

        lookup.SetResult(failure);
    }
}
