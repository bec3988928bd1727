using System.Text.Json.Nodes;
using k8s.Models;

namespace Caluma.Healthz.Tests.Infra.Kubernetes;

/// <summary>The output of kustomize.</summary>
[Slow]
public sealed class KustomizeTests
{
    [Fact]
    public void The_base_holds_all_of_its_manifests_and_no_secret()
    {
        var resources = Manifests.Json("base/kustomization.yaml")["resources"]!.AsArray().Select(file => $"base/{file}");

        Assert.Equal(
            Manifests.Files.Where(file => file.StartsWith("base/", StringComparison.Ordinal)), resources.Order(StringComparer.Ordinal));
        Assert.Equal("../base", (string?)Assert.Single(Manifests.Json("example/kustomization.yaml")["resources"]!.AsArray()));
    }

    [Fact]
    public async Task The_example_sets_the_namespace_and_the_image()
    {
        var manifests = await RenderAsync(Path.Combine(Manifests.Folder, "example"));

        Assert.Equal(["Deployment", "NetworkPolicy", "PodDisruptionBudget", "Service"],
            manifests.Select(manifest => (string?)manifest["kind"]).Order());
        Assert.All(manifests, manifest => KubernetesSchema.Read(manifest));
        Assert.All(manifests, manifest => Assert.Equal("caluma", (string?)manifest["metadata"]!["namespace"]));
        var container = Assert.Single(DeploymentIn(manifests).Spec.Template.Spec.Containers);
        Assert.Equal("registry.example.com/caluma-healthz:0.1.0", container.Image);
        Assert.Equal(
            ["ENABLE_HEALTHZ_ENDPOINT", "Healthz__Migrations__CalumaVersion", "Healthz__Timeout"],
            container.Env.Select(variable => variable.Name).Order());
    }

    [Fact]
    public async Task The_volume_is_claimed_and_mounted_at_the_folder_of_the_history()
    {
        using var folder = new ServerFolder("kustomize");
        foreach (var part in new[] { "base", "volume" })
        {
            Directory.CreateDirectory(folder.PathOf(part));
            foreach (var file in Directory.EnumerateFiles(Path.Combine(Manifests.Folder, part)))
            {
                File.Copy(file, folder.PathOf(Path.Combine(part, Path.GetFileName(file))));
            }
        }

        await File.WriteAllTextAsync(
            folder.PathOf("kustomization.yaml"), "resources: [base]\ncomponents: [volume]\n", TestContext.Current.CancellationToken);

        var manifests = await RenderAsync(folder.Path);

        Assert.All(manifests, manifest => KubernetesSchema.Read(manifest));
        var claim = KubernetesSchema.Read<V1PersistentVolumeClaim>(
            Assert.Single(manifests, manifest => (string?)manifest["kind"] == "PersistentVolumeClaim"));
        var pod = DeploymentIn(manifests).Spec.Template.Spec;
        var container = Assert.Single(pod.Containers);
        var mount = Assert.Single(container.VolumeMounts);
        Assert.Equal(mount.MountPath, Assert.Single(container.Env, variable => variable.Name == "Healthz__History__Folder").Value);
        Assert.Equal((mount.Name, claim.Metadata.Name), (Assert.Single(pod.Volumes).Name, pod.Volumes[0].PersistentVolumeClaim.ClaimName));
        Assert.Equal(pod.SecurityContext.RunAsGroup, pod.SecurityContext.FsGroup);
        Assert.Equal((1, "Recreate"), (DeploymentIn(manifests).Spec.Replicas, DeploymentIn(manifests).Spec.Strategy.Type));

        // It would let no node be drained.
        Assert.DoesNotContain(manifests, manifest => (string?)manifest["kind"] == "PodDisruptionBudget");
    }

    [Fact]
    public async Task The_patch_puts_the_probe_beside_Caluma_and_changes_nothing_else()
    {
        using var folder = new ServerFolder("kustomize");
        File.Copy(Path.Combine(Manifests.Folder, "sidecar", "patch.yaml"), folder.PathOf("patch.yaml"));
        await File.WriteAllTextAsync(
            folder.PathOf("kustomization.yaml"), "resources: [caluma.yaml]\npatches: [{ path: patch.yaml }]\n",
            TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            folder.PathOf("caluma.yaml"),
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: { name: caluma }
            spec:
              selector: { matchLabels: { app: caluma } }
              template:
                metadata: { labels: { app: caluma } }
                spec:
                  containers: [{ name: caluma, image: "ghcr.io/projectcaluma/caluma:v9.3.3" }]
            """,
            TestContext.Current.CancellationToken);

        var manifests = await RenderAsync(folder.Path);

        var containers = DeploymentIn(manifests).Spec.Template.Spec.Containers;
        Assert.Equal(["caluma", "healthz"], containers.Select(container => container.Name).Order());
        var rendered = Manifests.Containers(Assert.Single(manifests));
        Assert.True(JsonNode.DeepEquals(
            Assert.Single(Manifests.Containers(Manifests.Json("sidecar/patch.yaml"))),
            rendered.Single(container => (string?)container!["name"] == "healthz")));
        Assert.Equal(2, rendered.Single(container => (string?)container!["name"] == "caluma")!.AsObject().Count);
    }

    private static V1Deployment DeploymentIn(IEnumerable<JsonNode> manifests) =>
        KubernetesSchema.Read<V1Deployment>(Assert.Single(manifests, manifest => (string?)manifest["kind"] == "Deployment"));

    /// <remarks>Skipped without a kubectl that has kustomize 5; that of Debian 12 is older.</remarks>
    private static async Task<IReadOnlyList<JsonNode>> RenderAsync(string path)
    {
        using var folder = new ServerFolder("kubectl");
        Assert.SkipUnless(
            Executable.IsInstalled("kubectl") && (await RunAsync(folder, "version", "--client"))
                .Contains("Kustomize Version: v5", StringComparison.Ordinal),
            "This needs a kubectl with kustomize 5.");
        return YamlFile.Parse(await RunAsync(folder, "kustomize", path));
    }

    private static async Task<string> RunAsync(ServerFolder folder, params IEnumerable<string> arguments)
    {
        using var process = ServerProcess.Start(folder, "kubectl", arguments);
        await process.UntilEndedAsync();
        Assert.True(process.ExitCode == 0, $"{process.Log}");
        return $"{process.Log}";
    }
}
