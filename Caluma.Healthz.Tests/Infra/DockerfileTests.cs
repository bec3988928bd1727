using System.Text.Json;
using System.Text.RegularExpressions;
using Caluma.Healthz.Tests.Infra.Kubernetes;
using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.Infra;

/// <summary>The image, tested without Docker.</summary>
[Collection(nameof(Builds))]
[Slow(IsLong = true)]
public sealed partial class DockerfileTests
{
    [Fact]
    public async Task The_SDK_makes_the_same_image()
    {
        using var folder = new ServerFolder("msbuild");
        var said = await Builds.RunAsync(
            folder,
            "msbuild", Path.Combine(Repository.Root, "Caluma.Healthz.Server"), "-p:Configuration=Release", "-t:ComputeContainerConfig",
            "-getProperty:ContainerBaseImage,ContainerUser,ContainerWorkingDirectory",
            "-getItem:ContainerAppCommand,ContainerDefaultArgs,ContainerPort");
        using var project = JsonDocument.Parse(said);

        Assert.Equal(Dockerfile.Image("FROM"), Property("ContainerBaseImage"));
        Assert.Equal(Dockerfile.Image("USER"), Property("ContainerUser"));
        Assert.Equal(Dockerfile.Image("WORKDIR"), Property("ContainerWorkingDirectory")!.TrimEnd('/'));
        Assert.Equal(Dockerfile.Image("EXPOSE"), Assert.Single(Items("ContainerPort")));
        Assert.Equal(Dockerfile.ImageList("ENTRYPOINT"), Items("ContainerAppCommand"));
        Assert.Equal(Dockerfile.ImageList("CMD"), Items("ContainerDefaultArgs"));

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

        Assert.Equal(Dockerfile.ImageList("CMD"), container.Args);
        Assert.Equal(Dockerfile.Image("EXPOSE"), $"{Assert.Single(container.Ports).ContainerPort}");
        Assert.Equal(Dockerfile.Image("USER"),
            $"{container.SecurityContext.RunAsUser ?? Manifests.Deployment.Spec.Template.Spec.SecurityContext.RunAsUser}");
    }

    [Fact]
    public void The_build_context_has_only_the_copied_files()
    {
        var sent = File.ReadLines(Path.Combine(Repository.Root, ".dockerignore"))
            .Where(line => line.StartsWith('!')).Select(line => line[1..]);
        var copied = Dockerfile.Build.Where(step => step.Name == "COPY").SelectMany(step => Dockerfile.Copied(step.Arguments).From);

        Assert.Equal(sent.Order(StringComparer.Ordinal),
            copied.Where(path => !path.EndsWith(".csproj", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_copied_files_build_a_server_that_starts()
    {
        using var folder = new ServerFolder("docker");
        var output = folder.PathOf("app");
        using var source = new ServerFolder("docker-source");
        foreach (var (name, arguments) in Dockerfile.Build)
        {
            switch (name)
            {
                case "COPY":
                    Copy(arguments, source);
                    break;
                case "RUN":
                    var command = arguments.Split(' ').Select(argument => argument == "/app" ? output : argument).ToList();
                    Assert.Equal("dotnet", command[0]);
                    await Builds.RunAsync(source, command[1..]);
                    break;
            }
        }

        var start = Dockerfile.ImageList("ENTRYPOINT").Concat(Dockerfile.ImageList("CMD"))
            .Select(argument => Regex.Replace(argument, "^/app/", $"{output}/"))
            .ToList();
        using var process = ServerProcess.Start(folder, start[0], start[1..]);
        await process.UntilEndedAsync();

        // It has read its command line and settings, and misses a key.
        Assert.Contains("HEALTHZ_FUNCTION_KEYS is not set", $"{process.Log}", StringComparison.Ordinal);
    }

    private static void Copy(string arguments, ServerFolder source)
    {
        var (from, to) = Dockerfile.Copied(arguments);
        foreach (var path in from)
        {
            var original = Path.Combine(Repository.Root, path);
            var files = path.EndsWith('/') ? Directory.EnumerateFiles(original, "*", SearchOption.AllDirectories)
                .Where(file => !Built().IsMatch(file)) : [original];
            foreach (var file in files)
            {
                var copy = Path.Combine(
                    source.Path, to, path.EndsWith('/') ? Path.GetRelativePath(original, file) : Path.GetFileName(file));
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(file, copy, overwrite: true);
            }
        }
    }

    [GeneratedRegex("/(bin|obj)/")]
    private static partial Regex Built();
}
