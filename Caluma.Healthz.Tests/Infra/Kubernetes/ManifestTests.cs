using System.Globalization;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.Http;
using Caluma.Healthz.Server.Commands;
using Caluma.Healthz.Server.Serving;
using Caluma.Healthz.Tests.Configuration;
using k8s.Models;
using Microsoft.AspNetCore.WebUtilities;

namespace Caluma.Healthz.Tests.Infra.Kubernetes;

/// <summary>Checks beyond the schema: the manifests fit together, fit the probe, and keep the promises of the guide.</summary>
public sealed class ManifestTests
{
    private const string Ping = "/" + HealthzRoutes.Ping;

    public static TheoryData<string> Shapes => ["beside", "sidecar"];

    private static V1PodSpec Pod => Manifests.Deployment.Spec.Template.Spec;

    [Fact]
    public void Every_selector_finds_the_pods()
    {
        var labels = Manifests.Deployment.Spec.Template.Metadata.Labels;

        Assert.NotEmpty(labels);
        Assert.All(
            [
                Manifests.Deployment.Spec.Selector.MatchLabels,
                Assert.Single(Pod.TopologySpreadConstraints).LabelSelector.MatchLabels,
                Manifests.Read<V1Service>("base/service.yaml").Spec.Selector,
                Manifests.Read<V1NetworkPolicy>("base/networkpolicy.yaml").Spec.PodSelector.MatchLabels,
                Manifests.Read<V1PodDisruptionBudget>("base/poddisruptionbudget.yaml").Spec.Selector.MatchLabels,
            ],
            selector => Assert.Equal(labels, selector));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Every_port_is_the_one_that_the_server_listens_on(string shape)
    {
        var container = Manifests.ContainerOf(shape);
        var port = Assert.Single(container.Ports);

        Assert.Equal(["serve", "--urls", $"http://*:{port.ContainerPort}"], container.Args);
        Assert.Equal(port.Name, container.LivenessProbe.HttpGet.Port.Value);
        Assert.Equal(port.Name, container.ReadinessProbe.HttpGet.Port.Value);
    }

    [Fact]
    public void The_service_and_the_network_policy_lead_to_that_port()
    {
        var port = Assert.Single(Manifests.ContainerOf("beside").Ports).Name;

        Assert.Equal(port, Assert.Single(Manifests.Read<V1Service>("base/service.yaml").Spec.Ports).TargetPort!.Value);
        Assert.Equal(
            port, Assert.Single(Assert.Single(Manifests.Read<V1NetworkPolicy>("base/networkpolicy.yaml").Spec.Ingress).Ports).Port!.Value);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void The_server_accepts_the_arguments_and_listens_on_all_addresses(string shape)
    {
        var args = Manifests.ContainerOf(shape).Args;

        Assert.Empty(ServeCommand.Create(Settings.Of()).Parse([.. args.Skip(1)]).Errors);
        Assert.False(ListenAddresses.Parse(args[^1], out _)!.AreLoopback);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void It_has_no_more_rights_than_a_program_needs(string shape)
    {
        var container = Manifests.ContainerOf(shape);
        var own = container.SecurityContext;
        var pod = shape == "beside" ? Pod.SecurityContext : null;

        Assert.True(pod?.RunAsNonRoot ?? own.RunAsNonRoot);
        Assert.Equal(1654, pod?.RunAsUser ?? own.RunAsUser);
        Assert.Equal(1654, pod?.RunAsGroup ?? own.RunAsGroup);
        Assert.Equal("RuntimeDefault", (pod?.SeccompProfile ?? own.SeccompProfile).Type);
        Assert.False(own.AllowPrivilegeEscalation);
        Assert.True(own.ReadOnlyRootFilesystem);
        Assert.Equal("ALL", Assert.Single(own.Capabilities.Drop));
        Assert.Null(own.Capabilities.Add);
        Assert.Null(own.Privileged);
        Assert.Null(container.VolumeMounts);
    }

    [Fact]
    public void The_pod_has_no_token_and_shares_nothing_with_its_node()
    {
        Assert.False(Pod.AutomountServiceAccountToken);
        Assert.Null(Pod.Volumes);
        Assert.Null(Pod.HostNetwork);
        Assert.Null(Pod.HostPID);
        Assert.Null(Pod.HostIPC);
    }

    [Fact]
    public void Service_links_are_off_because_they_would_set_unknown_settings()
    {
        Assert.False(Pod.EnableServiceLinks);
        Assert.Equal("DATABASE_PORT", Settings.ReadProblem("DATABASE_PORT=tcp://10.0.0.1:5432").Setting);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void It_has_requests_and_limits(string shape)
    {
        var resources = Manifests.ContainerOf(shape).Resources;

        foreach (var resource in new[] { "cpu", "memory" })
        {
            Assert.InRange(resources.Requests[resource].ToDecimal(), 0.001m, resources.Limits[resource].ToDecimal());
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Liveness_runs_no_check_and_sends_no_key(string shape)
    {
        var liveness = Manifests.ContainerOf(shape).LivenessProbe;

        Assert.Equal(Ping, liveness.HttpGet.Path);
        Assert.Null(liveness.HttpGet.HttpHeaders);
    }

    [Fact]
    public void A_database_that_is_down_does_not_take_the_probe_out_of_its_service() =>
        Assert.Equal(Ping, Manifests.ContainerOf("beside").ReadinessProbe.HttpGet.Path);

    [Fact]
    public void The_readiness_of_Caluma_sends_the_key_and_names_existing_checks()
    {
        var get = Manifests.Sidecar.ReadinessProbe.HttpGet;
        var query = QueryHelpers.ParseQuery(get.Path.Split('?')[1]);

        Assert.Equal("x-functions-key", Assert.Single(get.HttpHeaders).Name);
        Assert.StartsWith($"/{HealthzRoutes.Report}/?", get.Path, StringComparison.Ordinal);
        Assert.Equal(["check"], query.Keys);
        Assert.Equal([Check.Databases, Check.Caches], query["check"].Select(name => CheckNames.Find(name!)));
    }

    [Fact]
    public void The_readiness_of_Caluma_waits_longer_than_an_answer_takes()
    {
        var timeout = OptionsOf("sidecar").Timeout + TimeSpan.FromSeconds(0.5);

        Assert.InRange(Manifests.Sidecar.ReadinessProbe.TimeoutSeconds!.Value,
            timeout.TotalSeconds, Manifests.Sidecar.ReadinessProbe.PeriodSeconds!.Value);
    }

    [Fact]
    public void The_grace_period_is_longer_than_the_end_of_the_server_takes() =>
        Assert.True(Pod.TerminationGracePeriodSeconds > (OptionsOf("beside").Timeout + TimeSpan.FromSeconds(5)).TotalSeconds);

    [Theory]
    [MemberData(nameof(Shapes))]
    public void The_endpoint_is_on_in_the_manifest(string shape) =>
        Assert.True(OptionsOf(shape, "ENABLE_HEALTHZ_ENDPOINT=false").Enabled);

    [Theory]
    [MemberData(nameof(Shapes))]
    public void The_settings_come_from_Caluma_and_then_from_the_probe(string shape)
    {
        var sources = Manifests.ContainerOf(shape).EnvFrom;

        Assert.Equal(["caluma", "caluma", "healthz"], sources.Select(source => source.ConfigMapRef?.Name ?? source.SecretRef.Name));
        Assert.Equal("healthz", Manifests.Read<V1Secret>("example/secret.yaml").Metadata.Name);
    }

    [Fact]
    public void The_probe_knows_every_setting_of_the_example()
    {
        var patch = KubernetesSchema.Read<V1Container>(
            Assert.Single(Manifests.Containers(Manifests.Json("example/deployment-patch.yaml")))!);
        var secret = Manifests.Read<V1Secret>("example/secret.yaml").StringData;

        Assert.Equal(Assert.Single(Pod.Containers).Name, patch.Name);
        Assert.Empty(Settings.Read([.. Environment(patch), .. secret.Select(entry => $"{entry.Key}={entry.Value}")]).Problems);
        Assert.NotEmpty(Settings.Read([.. Environment(patch), "Healthz__Timout=00:00:05"]).Problems);
    }

    [Fact]
    public void The_example_secret_is_not_a_valid_key()
    {
        var keys = Manifests.Read<V1Secret>("example/secret.yaml").StringData["HEALTHZ_FUNCTION_KEYS"];

        Assert.True(new FunctionKeys(keys).IsEmpty);
    }

    [Fact]
    public void A_drain_leaves_one_replica_running() =>
        Assert.Equal(
            (Manifests.Deployment.Spec.Replicas - 1)?.ToString(CultureInfo.InvariantCulture),
            Manifests.Read<V1PodDisruptionBudget>("base/poddisruptionbudget.yaml").Spec.MinAvailable!.Value);

    [Fact]
    public void The_network_policy_allows_the_default_ports_of_Caluma()
    {
        var egress = Manifests.Read<V1NetworkPolicy>("base/networkpolicy.yaml").Spec.Egress.SelectMany(rule => rule.Ports);

        Assert.Equal(
            ["53/UDP", "53/TCP", "5432/TCP", "6379/TCP", "9000/TCP", "443/TCP"],
            egress.Select(port => $"{port.Port!.Value}/{port.Protocol}"));
    }

    private static HealthzOptions OptionsOf(string shape, params IEnumerable<string> before)
    {
        var configuration = Settings.Read([.. before, .. Environment(Manifests.ContainerOf(shape))]);
        Assert.Empty(configuration.Problems);
        return configuration.Options;
    }

    private static IEnumerable<string> Environment(V1Container container) =>
        container.Env.Select(variable => $"{variable.Name}={variable.Value}");
}
