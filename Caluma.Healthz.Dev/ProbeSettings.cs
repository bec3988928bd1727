using System.Security.Cryptography;
using Caluma.Healthz.Dev.Demo;
using Caluma.Healthz.Dev.Setup;

namespace Caluma.Healthz.Dev;

/// <summary>The settings of the probe: those of the environment, and those of the servers that <c>./dev</c> starts for the rest.</summary>
/// <param name="environment">Gives a variable of the environment, or null.</param>
internal sealed class ProbeSettings(Func<string, string?> environment)
{
    private readonly Dictionary<string, string> _added = [];

    /// <summary>The variables that <c>./dev</c> adds to its own environment.</summary>
    public IReadOnlyDictionary<string, string> Added => _added;

    public bool HasDatabase => IsNamed("DATABASE_HOST", "Healthz__Databases__default");

    public bool HasCache => IsNamed("CACHE_LOCATION", "CACHE_BACKEND", "Healthz__Caches__default");

    public bool HasMedia => IsNamed(
        "Healthz__MediaStorage__ConnectionString", "Healthz__MediaStorage__ServiceUri", "MEDIA_STORAGE_SERVICE", "MINIO_STORAGE_ENDPOINT");

    public bool HasHistory => IsNamed(
        "Healthz__History__Folder", "Healthz__History__ConnectionString", "Healthz__History__ServiceUri", "AzureWebJobsStorage");

    public bool HasHostStorage => IsNamed("AzureWebJobsStorage");

    /// <summary>The container of the media, which must exist.</summary>
    public string MediaContainer => environment("Healthz__MediaStorage__Container") is { Length: > 0 } name ? name : "caluma-media";

    /// <summary>The key for calls.</summary>
    public string Key { get; private set; } = "";

    public string this[string name]
    {
        set => _added[name] = value;
    }

    /// <summary>The servers to start, because no setting names another one.</summary>
    public IEnumerable<Need> Needs(FrontDoor frontDoor)
    {
        if (!HasDatabase)
        {
            yield return Need.Postgres;
        }

        if (!HasCache)
        {
            yield return Need.Redis;
        }

        // For the media and the storage of the Functions host; the history is in a folder.
        if (!HasMedia || (frontDoor == FrontDoor.Functions && !HasHostStorage))
        {
            yield return Need.Azurite;
        }
    }

    /// <summary>Sets the place of the history: that of the environment, else a folder, with another one for the demo.</summary>
    public void PlaceHistory(Workspace workspace, bool demo)
    {
        if (!HasHistory)
        {
            _added["Healthz__History__Folder"] = workspace.PathOf(demo ? $"history{DemoRecorder.Suffix}" : "history");
        }
        else if (demo && environment("Healthz__History__Folder") is { Length: > 0 } folder)
        {
            _added["Healthz__History__Folder"] = $"{Path.TrimEndingDirectorySeparator(folder)}{DemoRecorder.Suffix}";
        }
        else if (demo)
        {
            _added["Healthz__History__Container"] = $"healthz{DemoRecorder.Suffix}";
        }
    }

    /// <summary>Enables the endpoint, with a run a minute unless the environment has a schedule.</summary>
    public void Enable()
    {
        _added["ENABLE_HEALTHZ_ENDPOINT"] = "true";
        _added["HEALTHZ_SCHEDULE"] =
            environment("HEALTHZ_SCHEDULE") is { Length: > 0 } flat ? flat
            : environment("Healthz__Schedule") is { Length: > 0 } nested ? nested
            : "0 * * * * *";
    }

    /// <summary>
    /// Takes the first of HEALTHZ_FUNCTION_KEYS as the key, or generates one, which is kept so that addresses with it go on working.
    /// </summary>
    public void ChooseKey(Workspace workspace)
    {
        var keys = environment("HEALTHZ_FUNCTION_KEYS");
        if (string.IsNullOrEmpty(keys))
        {
            var file = workspace.PathOf("key");
            if (!File.Exists(file) || new FileInfo(file).Length == 0)
            {
                PrivateFile.Write(file, RandomKey());
            }

            keys = File.ReadAllText(file);
            _added["HEALTHZ_FUNCTION_KEYS"] = keys;
        }

        Key = keys.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries) is [var first, ..]
            ? first
            : throw new DevException("HEALTHZ_FUNCTION_KEYS names no key; expected one, or several with commas between them.");
    }

    public static string RandomKey() => RandomNumberGenerator.GetHexString(40, lowercase: true);

    private bool IsNamed(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (environment(name) is { Length: > 0 })
            {
                return true;
            }
        }

        return false;
    }
}
