using System.Text.Json.Nodes;
using Caluma.Healthz.Server.Commands;
using Caluma.Healthz.Server.Serving;
using Caluma.Healthz.Tests.Configuration;
using k8s.Models;

namespace Caluma.Healthz.Tests.Infra.Kubernetes;

/// <summary>What the component for the Prometheus Operator adds fits the server, the Service and the rules.</summary>
public sealed class MonitoringTests
{
    private static readonly JsonNode _rules = Assert.Single(YamlFile.Read("infra", "prometheus", "healthz.rules.yaml"));

    private static readonly JsonNode _ruleTests = Assert.Single(YamlFile.Read("infra", "prometheus", "healthz.rules.test.yaml"));

    private static IEnumerable<JsonNode> Alerts =>
        from @group in _rules["groups"]!.AsArray()
        from rule in @group["rules"]!.AsArray()
        where rule["alert"] is not null
        select rule;

    [Fact]
    public void The_operator_gets_the_rules_of_the_file() =>
        Assert.True(JsonNode.DeepEquals(_rules, Manifests.Json("monitoring/prometheusrule.yaml")["spec"]));

    [Fact]
    public void The_component_holds_all_of_its_files()
    {
        var component = Manifests.Json("monitoring/kustomization.yaml");
        var named = component["resources"]!.AsArray().Select(file => (string?)file)
            .Concat(component["patches"]!.AsArray().Select(patch => (string?)patch!["path"]));

        Assert.Equal(
            Directory.EnumerateFiles(Path.Combine(Manifests.Folder, "monitoring")).Select(Path.GetFileName)
                .Except(["kustomization.yaml"]).Order(),
            named.Order());
    }

    [Fact]
    public void The_monitor_finds_the_service_and_its_port_leads_to_where_the_server_answers()
    {
        var endpoint = Assert.Single(Manifests.Json("monitoring/servicemonitor.yaml")["spec"]!["endpoints"]!.AsArray())!;
        var port = Assert.Single(Manifests.Json("monitoring/service-patch.yaml")["spec"]!["ports"]!.AsArray())!;
        var container = Assert.Single(Manifests.Containers(Manifests.Json("monitoring/deployment-patch.yaml")))!;
        var own = Assert.Single(container["ports"]!.AsArray())!;
        var args = container["args"]!.AsArray().Select(argument => (string)argument!).ToList();
        var policy = Assert.Single(YamlFile.Read("infra", "kubernetes", "monitoring", "networkpolicy-patch.yaml")[0].AsArray())!;

        Assert.Equal(Manifests.ContainerOf("beside").Args, args.Take(3));
        Assert.Empty(ServeCommand.Create(Settings.Of()).Parse([.. args.Skip(1)]).Errors);
        var metrics = MetricsAddress.Parse(args[^1], ListenAddresses.Parse(args[2], out _)!, out _)!;
        Assert.Equal(metrics.Port, (long)own["containerPort"]!);
        Assert.Equal((string?)own["name"], (string?)port["targetPort"]);
        Assert.Equal((string?)own["name"], (string?)policy["value"]!["ports"]![0]!["port"]);
        Assert.Equal((string?)endpoint["port"], (string?)port["name"]);
        Assert.Equal("/metrics", (string?)endpoint["path"]);

        var service = Manifests.Read<V1Service>("base/service.yaml");
        Assert.All(
            Manifests.Json("monitoring/servicemonitor.yaml")["spec"]!["selector"]!["matchLabels"]!.AsObject(),
            label => Assert.Equal((string?)label.Value, service.Metadata.Labels[label.Key]));
        Assert.Equal(service.Metadata.Name, (string?)Manifests.Json("monitoring/service-patch.yaml")["metadata"]!["name"]);
    }

    [Fact]
    public void Each_alert_says_what_it_is_about_and_what_to_do()
    {
        foreach (var alert in Alerts)
        {
            Assert.StartsWith("Caluma: ", (string?)alert["annotations"]!["summary"], StringComparison.Ordinal);
            Assert.InRange(((string)alert["annotations"]!["description"]!).Length, 60, 300);

            // The severity of an incident is its own.
            Assert.True((string?)alert["labels"]?["severity"] is "critical" or "warning" || (string?)alert["alert"] == "HealthzIncident");
        }
    }

    [Fact]
    public void Each_alert_is_seen_to_fire_and_to_be_silent_by_promtool()
    {
        var looks =
            from test in _ruleTests["tests"]!.AsArray()
            from look in test["alert_rule_test"]!.AsArray()
            select (Alert: (string)look["alertname"]!, Fires: look["exp_alerts"] is not null);

        foreach (var alert in Alerts.Select(alert => (string)alert["alert"]!))
        {
            // What hands over from one to another never falls silent for all of them.
            Assert.Contains((alert, true), looks);
            Assert.True(alert == "HealthzNotRecording" || looks.Contains((alert, false)), alert);
        }
    }
}
