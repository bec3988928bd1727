using System.Globalization;

namespace Caluma.Healthz.Servers;

/// <summary>The temporary folder of one server.</summary>
internal sealed class ServerFolder : IDisposable
{
    private static int _created;

    public ServerFolder(string name) => Path = Directory.CreateDirectory(System.IO.Path.Combine(
        Guard.Instance.Folder,
        string.Create(CultureInfo.InvariantCulture, $"{name}-{Interlocked.Increment(ref _created)}"))).FullName;

    public string Path { get; }

    public string PathOf(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
