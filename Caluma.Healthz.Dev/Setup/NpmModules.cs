using System.Globalization;
using System.Security.Cryptography;
using Caluma.Healthz.Dev.Processes;

namespace Caluma.Healthz.Dev.Setup;

/// <summary>Installs the npm packages of a folder of eng/.</summary>
internal sealed class NpmModules(Workspace workspace, Steps steps)
{
    private const int OldestNode = 18;
    private const int Attempts = 3;

    public async Task InstallAsync(string folder, string name, CancellationToken cancellationToken)
    {
        var path = Path.Combine(workspace.Root, "eng", folder);
        var stamp = Path.Combine(path, "node_modules", ".installed");
        var wanted = await HashAsync([Path.Combine(path, "package.json"), Path.Combine(path, "package-lock.json")], cancellationToken);
        if (File.Exists(stamp) && await File.ReadAllTextAsync(stamp, cancellationToken) == wanted)
        {
            return;
        }

        var options = new ChildOptions(workspace.Root) { Log = workspace.LogOf("npm") };
        var version = await Child.CaptureAsync(
            ["node", "-p", "process.versions.node"], new ChildOptions(workspace.Root), cancellationToken) ?? "none";
        if (!int.TryParse(version.Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major) || major < OldestNode)
        {
            throw new DevException(
                $"{name} needs Node.js {OldestNode} or newer; this is {version.Trim()}. See https://nodejs.org/en/download.");
        }

        for (var attempt = 1; ; attempt++)
        {
            var code = 0;
            await steps.RunAsync($"installing {name} with npm{(attempt > 1 ? $" (attempt {attempt} of {Attempts})" : "")}", async cancel =>
                code = await Child.RunAsync(
                    ["npm", "ci", "--prefix", path, "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=5"], options, cancel),
                cancellationToken);
            if (code == 0)
            {
                break;
            }

            if (attempt == Attempts)
            {
                throw new DevException($"npm could not install {name}.") { Log = options.Log };
            }
        }

        await File.WriteAllTextAsync(stamp, wanted, cancellationToken);
    }

    private static async Task<string> HashAsync(IEnumerable<string> files, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files)
        {
            hash.AppendData(await File.ReadAllBytesAsync(file, cancellationToken));
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
