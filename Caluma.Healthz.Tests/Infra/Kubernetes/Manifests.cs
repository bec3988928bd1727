using System.Text.Json.Nodes;
using k8s.Models;

namespace Caluma.Healthz.Tests.Infra.Kubernetes;

/// <summary>The manifests of <c>infra/kubernetes</c>.</summary>
internal static class Manifests
{
    public static string Folder { get; } = Path.Combine(Repository.Root, "infra", "kubernetes");

    /// <summary>
    /// All that an API server is sent as it stands: not the patches, which are fragments, nor what is for kustomize, nor what only an
    /// operator knows.
    /// </summary>
    public static IReadOnlyList<string> Files { get; } =
    [
        .. Directory.EnumerateFiles(Folder, "*.yaml", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Folder, file))
            .Where(file => !file.Contains("kustomization", StringComparison.Ordinal) && !file.Contains("patch", StringComparison.Ordinal)
                && !file.StartsWith("monitoring/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];

    public static V1Deployment Deployment => Read<V1Deployment>("base/deployment.yaml");

    /// <summary>The container that the patch for Caluma's own pod adds.</summary>
    public static V1Container Sidecar => KubernetesSchema.Read<V1Container>(Assert.Single(Containers(Json("sidecar/patch.yaml")))!);

    /// <summary>The container of the probe, beside Caluma and in its pod.</summary>
    public static V1Container ContainerOf(string shape) => shape switch
    {
        "beside" => Assert.Single(Deployment.Spec.Template.Spec.Containers),
        "sidecar" => Sidecar,
        _ => throw new ArgumentOutOfRangeException(nameof(shape), shape, null),
    };

    public static T Read<T>(string file) => KubernetesSchema.Read<T>(Json(file));

    public static JsonNode Json(string file) => Assert.Single(YamlFile.Read("infra", "kubernetes", file));

    public static JsonArray Containers(JsonNode deployment) => deployment["spec"]!["template"]!["spec"]!["containers"]!.AsArray();
}
