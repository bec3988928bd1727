using System.Text.Json;
using System.Text.Json.Nodes;
using k8s.Models;

namespace Caluma.Healthz.Tests.Infra.Kubernetes;

/// <summary>The manifests match the schema, and the schema refuses what an API server would refuse.</summary>
public sealed class KubernetesSchemaTests
{
    public static TheoryData<string> Files => [.. Manifests.Files];

    [Fact]
    public void Every_manifest_is_tested() =>
        Assert.Equal(
            [
                "base/deployment.yaml", "base/networkpolicy.yaml",
                "base/poddisruptionbudget.yaml", "base/service.yaml", "example/secret.yaml",
                "volume/claim.yaml",
            ],
            Manifests.Files);

    [Theory]
    [MemberData(nameof(Files))]
    public void A_manifest_is_valid(string file) => KubernetesSchema.Read(Manifests.Json(file));

    [Fact]
    public void The_sidecar_is_valid() => Assert.Equal("healthz", Manifests.Sidecar.Name);

    [Theory]
    [MemberData(nameof(Files))]
    public void An_unknown_field_is_refused(string file) =>
        Assert.Contains("could not be mapped", RefusalOf(file, manifest => manifest["spce"] = new JsonObject()), StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Files))]
    public void Another_version_is_refused(string file) =>
        Assert.Contains(
            "There is no ", RefusalOf(file, manifest => manifest["apiVersion"] = "extensions/v1beta1"), StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Files))]
    public void An_unknown_kind_is_refused(string file) =>
        Assert.Contains("There is no ", RefusalOf(file, manifest => manifest["kind"] = "Deploymnet"), StringComparison.Ordinal);

    [Theory]
    [InlineData("base/deployment.yaml", "$.spec.selector", null, "missing required properties")]
    [InlineData("base/deployment.yaml", "$.spec.template", null, "missing required properties")]
    [InlineData("base/deployment.yaml", "$.spec.template.spec.containers", null, "missing required properties")]
    [InlineData("base/deployment.yaml", "$.spec.template.spec.containers.0.name", null, "missing required properties")]
    [InlineData("base/deployment.yaml", "$.spec.template.spec.containers.0.env.0.name", null, "missing required properties")]
    [InlineData("base/deployment.yaml", "$.spec.template.spec.containers.0.ports.0.containerPort", null, "missing required properties")]
    [InlineData(
        "base/deployment.yaml", "$.spec.template.spec.containers.0.livenessProbe.httpGet.port", null, "missing required properties")]
    [InlineData("base/deployment.yaml", "$.spec.template.spec.securityContext.seccompProfile.type", null, "missing required properties")]
    [InlineData("base/deployment.yaml", "$.spec.template.spec.topologySpreadConstraints.0.maxSkew", null, "missing required properties")]
    [InlineData("base/service.yaml", "$.spec.ports.0.port", null, "missing required properties")]
    [InlineData("base/deployment.yaml", "$.spec.replicas", "two", "could not be converted")]
    [InlineData("base/deployment.yaml", "$.spec.replicas", "'2'", "could not be converted")]
    [InlineData("base/deployment.yaml", "$.spec.template.spec.containers", "healthz", "could not be converted")]
    [InlineData("base/deployment.yaml", "$.spec.template.spec.containers.0.env.0.value", "true", "could not be converted")]
    [InlineData("base/deployment.yaml", "$.spec.template.spec.containers.0.env.0.value", "yes", "could not be converted")]
    [InlineData("base/deployment.yaml", "$.spec.template.spec.containers.0.env.0.value", "5", "could not be converted")]
    [InlineData("base/deployment.yaml", "$.spec.template.spec.containers.0.ports.0.containerPort", "http", "could not be converted")]
    [InlineData("base/deployment.yaml", "$.spec.template.spec.containers.0.livenessProbe.timeoutSeconds", "5s", "could not be converted")]
    [InlineData("base/deployment.yaml", "$.spec.template.spec.containers.0.securityContext.readOnlyRootFilesystem",
        "'true'", "could not be converted")]
    [InlineData(
        "base/deployment.yaml", "$.spec.template.spec.containers.0.securityContext.capabilities.drop", "ALL", "could not be converted")]
    [InlineData("base/deployment.yaml", "$.spec.template.spec.containers.0.readinessProbe.httpget", "{ port: 1 }", "could not be mapped")]
    [InlineData("base/deployment.yaml", "$.spec.template.spec.containers.0.resources.limit", "{ memory: 1Gi }", "could not be mapped")]
    [InlineData("base/deployment.yaml", "$.spec.template.spec.containers.0.securityContext.runAsNonroot", "true", "could not be mapped")]
    [InlineData("base/deployment.yaml", "$.spec.template.spec.tolerations", "[{ key: tmp }]", "is not listed")]
    [InlineData("base/service.yaml", "$.spec.selector", "caluma-healthz", "could not be converted")]
    [InlineData("base/service.yaml", "$.spec.port", "[{ port: 80 }]", "could not be mapped")]
    [InlineData("base/networkpolicy.yaml", "$.spec.policyTypes", "Ingress", "could not be converted")]
    [InlineData("base/networkpolicy.yaml", "$.spec.egress.0.port", "[53]", "could not be mapped")]
    [InlineData("base/networkpolicy.yaml", "$.spec.ingress.0.from.0.podSelecter", "{}", "could not be mapped")]
    [InlineData("base/poddisruptionbudget.yaml", "$.spec.minAvailble", "1", "could not be mapped")]
    [InlineData("base/poddisruptionbudget.yaml", "$.spec.unhealthyPodEvictionPolicy", "[AlwaysAllow]", "could not be converted")]
    [InlineData("example/secret.yaml", "$.stringData.HEALTHZ_FUNCTION_KEYS", "1", "could not be converted")]
    [InlineData("example/secret.yaml", "$.stringdata", "{ KEY: a }", "could not be mapped")]
    public void An_invalid_manifest_is_refused(string file, string path, string? yaml, string refusal) =>
        Assert.Contains(refusal, RefusalOf(file, manifest => Set(manifest, path, yaml)), StringComparison.Ordinal);

    [Theory]
    [InlineData("name", null)]
    [InlineData("imag", "healthz")]
    [InlineData("args", "serve")]
    public void An_invalid_sidecar_is_refused(string field, string? yaml)
    {
        var container = Assert.Single(Manifests.Containers(Manifests.Json("sidecar/patch.yaml")))!;
        KubernetesSchema.Read<V1Container>(container);

        Set(container, $"$.{field}", yaml);

        Assert.Throws<JsonException>(() => KubernetesSchema.Read<V1Container>(container));
    }

    [Fact]
    public void A_duplicate_key_is_refused() =>
        Assert.ThrowsAny<YamlDotNet.Core.YamlException>(() => YamlFile.Parse("spec: { replicas: 1, replicas: 2 }"));

    private static string RefusalOf(string file, Action<JsonNode> breakIt)
    {
        var manifest = Manifests.Json(file);
        breakIt(manifest);
        return Assert.Throws<JsonException>(() => KubernetesSchema.Read(manifest)).Message;
    }

    /// <summary>Sets a field, or removes it where it is null.</summary>
    private static void Set(JsonNode manifest, string path, string? yaml)
    {
        var steps = path.Split('.')[1..];
        var parent = steps[..^1].Aggregate(manifest, (node, step) =>
            (node is JsonArray array ? array[int.Parse(step, null)] : node[step])!);
        if (yaml is null)
        {
            Assert.True(parent.AsObject().Remove(steps[^1]), $"{path} is not there to be removed.");
        }
        else
        {
            parent[steps[^1]] = Assert.Single(YamlFile.Parse(yaml));
        }
    }
}
