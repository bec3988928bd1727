using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Caluma.Healthz.Dev.Setup;
using Caluma.Healthz.Tests.Deployments;
using Caluma.Healthz.Tests.Forms;
using Caluma.Healthz.Tests.Infra.Kubernetes;
using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.Infra;

/// <summary>The image, tested without Docker.</summary>
[Collection(nameof(Builds))]
[Slow(IsLong = true)]
public sealed partial class DockerfileTests(Services services)
{
    private static readonly Dockerfile _dockerfile = new(Repository.Root);

    [Fact]
    public async Task The_SDK_makes_the_same_image()
    {
        using var folder = new ServerFolder("msbuild");
        var said = await Builds.RunAsync(
            folder,
            "msbuild", Path.Combine(Repository.Root, "Caluma.Healthz.Server"), "-p:Configuration=Release", "-p:_IsPublishing=true",
            "-t:ComputeContainerConfig",
            "-getProperty:ContainerBaseImage,ContainerUser,ContainerWorkingDirectory",
            "-getItem:ContainerAppCommand,ContainerDefaultArgs,ContainerPort,ContainerLabel");
        using var project = JsonDocument.Parse(said);

        Assert.Equal(_dockerfile.Image("FROM"), Property("ContainerBaseImage"));
        Assert.Equal(_dockerfile.Image("USER"), Property("ContainerUser"));
        Assert.Equal(_dockerfile.Image("WORKDIR"), Property("ContainerWorkingDirectory")!.TrimEnd('/'));
        Assert.Equal(_dockerfile.Image("EXPOSE"), Assert.Single(Items("ContainerPort")));
        Assert.Equal(_dockerfile.ImageList("ENTRYPOINT"), Items("ContainerAppCommand"));
        Assert.Equal(_dockerfile.ImageList("CMD"), Items("ContainerDefaultArgs"));
        var labels = project.RootElement.GetProperty("Items").GetProperty("ContainerLabel").EnumerateArray()
            .Select(item => $"{item.GetProperty("Identity")}=\"{item.GetProperty("Value")}\"");
        Assert.Empty(_dockerfile.Image("LABEL").Split(' ').Except(labels));

        string? Property(string name) => project.RootElement.GetProperty("Properties").GetProperty(name).GetString();

        IEnumerable<string?> Items(string name) =>
            project.RootElement.GetProperty("Items").GetProperty(name).EnumerateArray()
                .Select(item => item.GetProperty("Identity").GetString());
    }

    [Theory]
    [InlineData("beside")]
    [InlineData("sidecar")]
    public void Kubernetes_runs_the_image_unchanged(string shape)
    {
        var container = Manifests.ContainerOf(shape);

        Assert.Equal(_dockerfile.ImageList("CMD"), container.Args);
        Assert.Equal(_dockerfile.Image("EXPOSE"), $"{Assert.Single(container.Ports).ContainerPort}");
        Assert.Equal(_dockerfile.Image("USER"),
            $"{container.SecurityContext.RunAsUser ?? Manifests.Deployment.Spec.Template.Spec.SecurityContext.RunAsUser}");
    }

    [Fact]
    public void A_release_installs_the_same_packages_as_dev_to_compile()
    {
        var steps = Assert.Single(YamlFile.Read(".github", "workflows", "release.yml"))["jobs"]!["server"]!["steps"]!.AsArray();
        var install = Assert.Single(
            steps.Select(step => (string?)step!["run"]), script => script?.Contains("apt-get install", StringComparison.Ordinal) is true);

        Assert.EndsWith($" {string.Join(' ', Requirements.PackagesOf(Need.NativeCompiler))}", install, StringComparison.Ordinal);
    }

    [Fact]
    public void The_build_context_has_only_the_copied_files()
    {
        var sent = File.ReadLines(Path.Combine(Repository.Root, ".dockerignore"))
            .Where(line => line.StartsWith('!')).Select(line => line[1..]);
        var copied = _dockerfile.Build.Where(step => step.Name == "COPY").SelectMany(step => Dockerfile.Copied(step.Arguments).From);

        Assert.Equal(sent.Order(StringComparer.Ordinal),
            copied.Where(path => !path.EndsWith(".csproj", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_copied_files_build_a_server_that_starts_and_is_one_file()
    {
        using var folder = new ServerFolder("docker");
        var program = await NativeAttribute.Program;

        using var process = ServerProcess.Start(folder, program, _dockerfile.ImageList("CMD"));
        await process.UntilEndedAsync();

        // It has read its command line and settings, and misses a key.
        Assert.Contains("HEALTHZ_FUNCTION_KEYS is not set", $"{process.Log}", StringComparison.Ordinal);
        Assert.Equal([program], Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(program)!));
    }

    /// <remarks>
    /// The reference documentation promises glibc 2.34. The base image adds about 13 MB to the program, and the image stays under 60 MB.
    /// </remarks>
    [Fact]
    public async Task The_program_is_small_and_needs_no_newer_C_library_than_that_of_2021()
    {
        var content = Encoding.Latin1.GetString(
            await File.ReadAllBytesAsync(await NativeAttribute.Program, TestContext.Current.CancellationToken));

        Assert.InRange(content.Length, 1, 47_000_000);
        Assert.InRange(GlibcVersion().Matches(content).Max(version => int.Parse(version.Groups["minor"].Value)), 1, 34);
    }

    /// <remarks>
    /// The file system has the program, libraries that the base image has too, and nothing that user 1654 can write to. It has no time
    /// zones, no ICU, no shell, no /proc and no /tmp. A file replaces the device that every container has.
    /// </remarks>
    [Fact]
    public async Task The_program_needs_no_rights_no_writable_files_and_only_glibc_and_OpenSSL()
    {
        await using var deployment = await CalumaDeployment.CreateAsync(services);
        using var root = new ServerFolder("image");
        var program = await NativeAttribute.Program;
        var libraries = await LibrariesOfAsync(root, program);
        Assert.All(libraries, library => Assert.Matches("/(ld-linux-[a-z0-9_-]+|libc|libm)[.]so[.][0-9]$", library));
        CopyInto(root, program, "/app/caluma-healthz");
        var openSsl = await FindOpenSslAsync(root);
        foreach (var library in libraries.Union(await LibrariesOfAsync(root, openSsl)).Append(openSsl))
        {
            CopyInto(root, library, library);
        }

        Directory.CreateDirectory(root.PathOf("dev"));
        await File.WriteAllBytesAsync(
            root.PathOf("dev/urandom"), RandomNumberGenerator.GetBytes(1_000_000), TestContext.Current.CancellationToken);

        // The settings are in the working directory, because sudo drops the environment.
        await File.WriteAllTextAsync(
            root.PathOf("appsettings.json"), JsonSerializer.Serialize(deployment.Settings), TestContext.Current.CancellationToken);
        List<string> chroot = ["chroot", "--userspec=1654:1654", root.Path, "/app/caluma-healthz", "check"];
        List<string> command = Environment.IsPrivilegedProcess ? chroot : ["sudo", "-n", .. chroot];
        using var process = ServerProcess.Start(root, command[0], command[1..]);
        await process.UntilEndedAsync();

        Assert.True(process.ExitCode == 0, $"{process.Log}");
    }

    private static async Task<List<string>> LibrariesOfAsync(ServerFolder folder, string program)
    {
        using var ldd = ServerProcess.Start(folder, "ldd", [program]);
        await ldd.UntilEndedAsync();
        return [.. Library().Matches($"{ldd.Log}").Select(library => library.Groups["path"].Value)];
    }

    private static async Task<string> FindOpenSslAsync(ServerFolder folder)
    {
        using var ldconfig = ServerProcess.Start(folder, "/sbin/ldconfig", ["-p"]);
        await ldconfig.UntilEndedAsync();
        return OpenSsl().Match($"{ldconfig.Log}").Groups["path"].Value;
    }

    private static void CopyInto(ServerFolder root, string file, string path)
    {
        var copy = root.PathOf(path.TrimStart('/'));
        Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
        File.Copy(file, copy);
    }

    [GeneratedRegex("GLIBC_2[.](?<minor>[0-9]+)")]
    private static partial Regex GlibcVersion();

    [GeneratedRegex(@"libssl\.so\.3 .*=> (?<path>/\S+)")]
    private static partial Regex OpenSsl();

    [GeneratedRegex(@"(?<path>/\S+) \(0x")]
    private static partial Regex Library();
}
