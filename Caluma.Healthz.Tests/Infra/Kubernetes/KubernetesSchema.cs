using System.Collections;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using k8s;
using k8s.Models;

namespace Caluma.Healthz.Tests.Infra.Kubernetes;

/// <summary>
/// Validates objects like a Kubernetes API server, by the typed models of the official client, which are generated from the server's
/// OpenAPI. No field may be unknown, of another type, or missing.
/// </summary>
internal static class KubernetesSchema
{
    /// <summary>
    /// The required fields, which the models do not have: those of the OpenAPI for all types that the manifests use. Other types are
    /// refused until they have a line here.
    /// </summary>
    private static readonly Dictionary<Type, string[]> _required = new()
    {
        [typeof(V1Capabilities)] = [],
        [typeof(V1ConfigMapEnvSource)] = [],
        [typeof(V1Container)] = ["name"],
        [typeof(V1ContainerPort)] = ["containerPort"],
        [typeof(V1Deployment)] = ["apiVersion", "kind"],
        [typeof(V1DeploymentSpec)] = ["selector", "template"],
        [typeof(V1DeploymentStrategy)] = [],
        [typeof(V1EnvFromSource)] = [],
        [typeof(V1EnvVar)] = ["name"],
        [typeof(V1HTTPGetAction)] = ["port"],
        [typeof(V1HTTPHeader)] = ["name", "value"],
        [typeof(V1IPBlock)] = ["cidr"],
        [typeof(V1LabelSelector)] = [],
        [typeof(V1LocalObjectReference)] = [],
        [typeof(V1NetworkPolicy)] = ["apiVersion", "kind"],
        [typeof(V1NetworkPolicyEgressRule)] = [],
        [typeof(V1NetworkPolicyIngressRule)] = [],
        [typeof(V1NetworkPolicyPeer)] = [],
        [typeof(V1NetworkPolicyPort)] = [],
        [typeof(V1NetworkPolicySpec)] = [],
        [typeof(V1ObjectMeta)] = [],
        [typeof(V1PersistentVolumeClaim)] = ["apiVersion", "kind"],
        [typeof(V1PersistentVolumeClaimSpec)] = [],
        [typeof(V1PersistentVolumeClaimVolumeSource)] = ["claimName"],
        [typeof(V1PodDisruptionBudget)] = ["apiVersion", "kind"],
        [typeof(V1PodDisruptionBudgetSpec)] = [],
        [typeof(V1PodSecurityContext)] = [],
        [typeof(V1PodSpec)] = ["containers"],
        [typeof(V1PodTemplateSpec)] = [],
        [typeof(V1Probe)] = [],
        [typeof(V1ResourceRequirements)] = [],
        [typeof(V1SeccompProfile)] = ["type"],
        [typeof(V1Secret)] = ["apiVersion", "kind"],
        [typeof(V1SecretEnvSource)] = [],
        [typeof(V1SecurityContext)] = [],
        [typeof(V1Service)] = ["apiVersion", "kind"],
        [typeof(V1ServicePort)] = ["port"],
        [typeof(V1ServiceSpec)] = [],
        [typeof(V1TopologySpreadConstraint)] = ["maxSkew", "topologyKey", "whenUnsatisfiable"],
        [typeof(V1Volume)] = ["name"],
        [typeof(V1VolumeMount)] = ["name", "mountPath"],
        [typeof(V1VolumeResourceRequirements)] = [],
    };

    private static readonly Lazy<ILookup<(string Group, string Kind), Type>> _kinds =
        new(() => typeof(V1Deployment).Assembly.GetExportedTypes()
        .Select(type => (Type: type, Entity: type.GetCustomAttribute<KubernetesEntityAttribute>()!))
        .Where(type => type.Entity is not null && typeof(IKubernetesObject).IsAssignableFrom(type.Type))
        .ToLookup(type => (type.Entity.Group is "" ? type.Entity.ApiVersion : $"{type.Entity.Group}/{type.Entity.ApiVersion}",
            type.Entity.Kind), type => type.Type));

    private static readonly JsonSerializerOptions _strict = new()
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { Require } },
    };

    /// <summary>Reads an object, or a fragment of the given type.</summary>
    /// <exception cref="JsonException">An API server would refuse it.</exception>
    public static object Read(JsonNode manifest, Type? type = null)
    {
        type ??= TypeOf(manifest);
        var model = manifest.Deserialize(type, _strict)!;
        RefuseUnlisted(model);
        return model;
    }

    /// <inheritdoc cref="Read(JsonNode, Type)"/>
    public static T Read<T>(JsonNode manifest) => (T)Read(manifest, typeof(T));

    private static Type TypeOf(JsonNode manifest)
    {
        var (version, kind) = ((string?)manifest["apiVersion"] ?? "", (string?)manifest["kind"] ?? "");
        return _kinds.Value[(version, kind)].SingleOrDefault() ?? throw new JsonException($"There is no \"{kind}\" in \"{version}\".");
    }

    private static void Require(JsonTypeInfo type)
    {
        if (_required.TryGetValue(type.Type, out var required))
        {
            foreach (var name in required)
            {
                type.Properties.Single(property => property.Name == name).IsRequired = true;
            }
        }
    }

    private static void RefuseUnlisted(object? model)
    {
        switch (model)
        {
            case null or string or IntOrString or ResourceQuantity or ValueType:
                return;
            case IDictionary dictionary:
                foreach (var value in dictionary.Values)
                {
                    RefuseUnlisted(value);
                }

                return;
            case IEnumerable list:
                foreach (var item in list)
                {
                    RefuseUnlisted(item);
                }

                return;
        }

        if (!_required.ContainsKey(model.GetType()))
        {
            throw new JsonException($"Which fields of {model.GetType().Name} are required is not listed in {nameof(KubernetesSchema)}.");
        }

        foreach (var property in model.GetType().GetProperties())
        {
            RefuseUnlisted(property.GetValue(model));
        }
    }
}
