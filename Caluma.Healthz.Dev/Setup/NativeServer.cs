using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Caluma.Healthz.Dev.Processes;

namespace Caluma.Healthz.Dev.Setup;

/// <summary>
/// The server as it ships: one native program. It is built by the steps of the Dockerfile, so that it is the program of the image, and in a
/// copy, so that other builds in the clone do not disturb it. .dev/native keeps it until one of its sources changes, because the compiler
/// takes minutes.
/// </summary>
/// <param name="root">The clone.</param>
internal sealed class NativeServer(string root)
{
    /// <summary>The folder of the program in the Dockerfile.</summary>
    private const string Output = "/app";

    // EAGAIN, as .NET passes on what flock(2) says of a lock that is held.
    private const int Held = 11;

    private static readonly TimeSpan _pollInterval = TimeSpan.FromMilliseconds(100);

    private readonly Workspace _workspace = new(root);
    private readonly Dockerfile _dockerfile = new(root);

    /// <summary>The file with the output of the compiler.</summary>
    public string Log => _workspace.LogOf("native");

    private string Folder => _workspace.PathOf("native");

    /// <summary>Publishes the program, unless .dev/native has it.</summary>
    /// <returns>The path of the program.</returns>
    /// <exception cref="DevException">A step of the Dockerfile failed.</exception>
    public async Task<string> PublishAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Folder);
        using var alone = await EnterAsync(cancellationToken);
        var made = Path.Combine(Folder, await HashAsync(cancellationToken));
        if (!Directory.Exists(made))
        {
            var source = Directory.CreateTempSubdirectory("caluma-healthz-native-");
            try
            {
                await BuildAsync(source.FullName, $"{made}.new", cancellationToken);
            }
            finally
            {
                source.Delete(recursive: true);
            }

            foreach (var old in Directory.EnumerateDirectories(Folder).Where(folder => folder != $"{made}.new"))
            {
                Directory.Delete(old, recursive: true);
            }

            Directory.Move($"{made}.new", made);
        }

        return Path.Combine(made, Path.GetFileName(_dockerfile.ImageList("ENTRYPOINT")[0]));
    }

    private async Task BuildAsync(string source, string output, CancellationToken cancellationToken)
    {
        File.Delete(Log);
        var options = new ChildOptions(source)
        {
            Log = Log,
            AppendsToLog = true,
            Environment = new Dictionary<string, string>
            {
                ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
                ["DOTNET_NOLOGO"] = "1",
                ["MSBUILDDISABLENODEREUSE"] = "1",
                ["RunAnalyzers"] = "false", // The code is analyzed where it is built; that is half a minute of work.
            },
        };
        foreach (var (name, arguments) in _dockerfile.Build)
        {
            switch (name)
            {
                case "COPY":
                    foreach (var (file, copy) in Copies(arguments))
                    {
                        var target = Path.Combine(source, copy);
                        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                        File.Copy(file, target, overwrite: true);
                    }

                    break;
                case "RUN":
                    var command = arguments.Split(' ').Select(argument => argument == Output ? output : argument);
                    await Child.RunLoggedAsync(
                        ["nice", "-n", "10", .. command], options, $"The native server could not be published: {arguments} failed.",
                        cancellationToken);
                    break;
            }
        }
    }

    /// <summary>Lists the files of a <c>COPY</c>, and their places in the image.</summary>
    private IEnumerable<(string File, string Copy)> Copies(string arguments)
    {
        var (from, to) = Dockerfile.Copied(arguments);
        return
            from path in @from
            let original = Path.Combine(root, path)
            from file in path.EndsWith('/') ? FilesIn(original) : [original]
            select (file, Path.Combine(to, path.EndsWith('/') ? Path.GetRelativePath(original, file) : Path.GetFileName(file)));
    }

    /// <summary>Lists the files of a folder that .dockerignore does not exclude.</summary>
    private IEnumerable<string> FilesIn(string folder) =>
        Directory.EnumerateFiles(folder).Where(file => !_dockerfile.Ignores(file))
            .Concat(Directory.EnumerateDirectories(folder).Where(inner => !_dockerfile.Ignores(inner)).SelectMany(FilesIn))
            .Order(StringComparer.Ordinal);

    private async Task<string> HashAsync(CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append($"{RuntimeInformation.OSArchitecture} {await SdkVersionAsync(cancellationToken)}");
        foreach (var (name, arguments) in _dockerfile.Build)
        {
            Append($"{name} {arguments}");
            foreach (var (file, copy) in name == "COPY" ? Copies(arguments) : [])
            {
                Append(copy);
                Append(Convert.ToHexString(SHA256.HashData(await File.ReadAllBytesAsync(file, cancellationToken))));
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];

        void Append(string text) => hash.AppendData(Encoding.UTF8.GetBytes($"{text}\n"));
    }

    private async Task<string> SdkVersionAsync(CancellationToken cancellationToken) =>
        await Child.CaptureAsync(["dotnet", "--version"], new ChildOptions(root), cancellationToken)
        ?? throw new DevException("dotnet --version failed.");

    /// <summary>Takes the lock, after another process that publishes.</summary>
    private async Task<FileStream> EnterAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return new FileStream(Path.Combine(Folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException exception) when (exception.HResult == Held)
            {
                await Task.Delay(_pollInterval, cancellationToken);
            }
        }
    }
}
