using System.Globalization;

namespace Caluma.Healthz.Servers;

/// <summary>A real Memcached. Its data are lost when it stops.</summary>
internal sealed class MemcachedServer : Server
{
    private readonly string[] _arguments;

    private MemcachedServer(string[] arguments)
        : base("memcached") => _arguments = arguments;

    protected override string ReadyText => "server listening";

    /// <param name="arguments">Further arguments of its command line.</param>
    public static Task<MemcachedServer> StartNewAsync(params string[] arguments) => StartAsync(new MemcachedServer(arguments));

    protected override ServerProcess StartProcess() => ServerProcess.Start(
        Folder,
        Executable.Find("memcached", "/usr/bin"),
        [
            "-vv", "-u", "nobody", "-U", "0", "-m", "8", "-t", "1", "-l", Host, "-p", Port.ToString(CultureInfo.InvariantCulture),
            .. _arguments,
        ],
        log: Log);
}
