using System.Text.Json.Nodes;
using Caluma.Healthz.Server.Commands;
using Caluma.Healthz.Tests.Configuration;

namespace Caluma.Healthz.Tests.Infra.Kubernetes;

/// <summary>The chart of infra/helm deploys what the manifests of infra/kubernetes do, and each value changes what it says.</summary>
[Slow]
public sealed class HelmChartTests
{
    private const string Pod = "Deployment/spec/template/spec";
    private const string Container = $"{Pod}/containers/0";
    private const string Digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private static readonly string[] _everything =
    [
        "history.enabled=true", "history.accessMode=\"ReadWriteMany\"", "metrics.enabled=true", "metrics.serviceMonitor=true",
        "metrics.prometheusRule=true", "keys.values=[\"0123456789abcdef0123\"]", "schedule=\"0 */5 * * * *\"",
        "image.pullSecrets=[\"registry\"]", "settings.Healthz__Slo=99.9",
    ];

    /// <summary>Values, where each shows in the rendered objects, and what is there: null for nothing.</summary>
    public static TheoryData<string, string, string?> Changes => new()
    {
        { "name=\"second\"", "Deployment/metadata/name", "second" },
        { "name=\"second\"", "Service/spec/selector/app.kubernetes.io~name", "second" },
        { "name=\"on\"", "Deployment/metadata/name", "'on'" },
        { "image.repository=\"registry.example.com/healthz\"", $"{Container}/image", "registry.example.com/healthz:0.1.0" },
        { "image.tag=\"1.2\"", $"{Container}/image", "caluma-healthz:1.2" },
        { $"image.digest=\"{Digest}\"", $"{Container}/image", $"caluma-healthz@{Digest}" },
        { "image.pullPolicy=\"Always\"", $"{Container}/imagePullPolicy", "Always" },
        { "image.pullSecrets=[\"registry\"]", $"{Pod}/imagePullSecrets", "[{ name: registry }]" },
        { "caluma.secret=\"caluma-env\"", $"{Container}/envFrom/1", "{ secretRef: { name: caluma-env } }" },
        { "caluma.configMap=\"env\"", $"{Container}/envFrom/0", "{ configMapRef: { name: env, optional: true } }" },
        { "keys.secret=\"mine\"", $"{Container}/envFrom/2", "{ secretRef: { name: mine } }" },
        { "keys.values=[\"0123456789abcdef0\",\"fedcba98765432100\"]", "Secret/stringData",
            "{ HEALTHZ_FUNCTION_KEYS: '0123456789abcdef0,fedcba98765432100' }" },
        { "keys.values=[\"0123456789abcdef0\"]", "Secret/metadata/name", "healthz" },
        { "settings.Healthz__Slo=99.95", $"{Container}/env/1", "{ name: Healthz__Slo, value: '99.95' }" },
        { "settings.Healthz__History__RetentionDays=1000000", $"{Container}/env/1/value", "'1000000'" },
        { "settings.MINIO_STORAGE_USE_HTTPS=true", $"{Container}/env/2/value", "'true'" },
        { "settings.Healthz__Name=\"a \\\"b\\\": {c}\"", $"{Container}/env/1/value", "'a \"b\": {c}'" },
        { "settings.Healthz__Timeout=null", $"{Container}/env/1", null },
        { "schedule=\"0 */5 * * * *\"", $"{Container}/env/2", "{ name: Healthz__Schedule, value: '0 */5 * * * *' }" },
        { "replicas=3", "Deployment/spec/replicas", "3" },
        { "replicas=1", "PodDisruptionBudget", null },
        { "resources.limits.memory=\"512Mi\"", $"{Container}/resources/limits/memory", "512Mi" },
        { "resources.requests={\"cpu\":\"100m\"}", $"{Container}/resources/requests/cpu", "100m" },
        { "networkPolicy.enabled=false", "NetworkPolicy", null },
        { "networkPolicy.egressPorts=[6432]", "NetworkPolicy/spec/egress/1/ports", "[{ port: 6432, protocol: TCP }]" },
        { "networkPolicy.ingressFrom=[{\"ipBlock\":{\"cidr\":\"10.0.0.0/8\"}}]", "NetworkPolicy/spec/ingress/0/from/1/ipBlock/cidr",
            "10.0.0.0/8" },
        { "history.enabled=true", "PersistentVolumeClaim/metadata/name", "caluma-healthz" },
        { "history.enabled=true", "PodDisruptionBudget", null },
        { "history={\"enabled\":true,\"size\":\"5Gi\"}", "PersistentVolumeClaim/spec/resources/requests/storage", "5Gi" },
        { "history={\"enabled\":true,\"storageClass\":\"fast\"}", "PersistentVolumeClaim/spec/storageClassName", "fast" },
        { "history={\"enabled\":true,\"accessMode\":\"ReadWriteMany\"}", "Deployment/spec/replicas", "2" },
        { "history={\"enabled\":true,\"accessMode\":\"ReadWriteMany\"}", "Deployment/spec/strategy", null },
        { "history={\"enabled\":true,\"existingClaim\":\"mine\"}", $"{Pod}/volumes/0/persistentVolumeClaim/claimName", "mine" },
        { "history={\"enabled\":true,\"existingClaim\":\"mine\"}", "PersistentVolumeClaim", null },
        { "metrics.enabled=true", "ServiceMonitor", null },
        { "metrics={\"enabled\":true,\"serviceMonitor\":true,\"labels\":{\"release\":\"p\"}}", "ServiceMonitor/metadata/labels/release",
            "p" },
        { "metrics={\"enabled\":true,\"prometheusRule\":true,\"labels\":{\"release\":\"p\"}}", "PrometheusRule/metadata/labels/release",
            "p" },
    };

    /// <summary>A value that is wrong, and what the refusal says of it.</summary>
    public static TheoryData<string, string> Refusals => new()
    {
        { "replica=3", "'replica' not allowed" },
        { "image.tagg=\"1\"", "at '/image': additional properties 'tagg' not allowed" },
        { "name=\"A_b\"", "at '/name'" },
        { "image.repository=\"\"", "at '/image/repository'" },
        { "image.tag=1.2", "at '/image/tag': got number, want string" },
        { "image.digest=\"0123\"", "at '/image/digest'" },
        { "image.pullPolicy=\"Sometimes\"", "at '/image/pullPolicy': value must be one of '', 'Always', 'IfNotPresent', 'Never'" },
        { "image.pullSecrets=\"registry\"", "at '/image/pullSecrets': got string, want array" },
        { "caluma.secret=\"\"", "at '/caluma/secret'" },
        { "caluma.configMap=\"My Map\"", "at '/caluma/configMap'" },
        { "keys.secret=7", "at '/keys/secret'" },
        { "keys.values=[\"canary,canary-canary\"]", "keys.values must be keys of 16 characters or more" },
        { "settings.PGPASSWORD=\"canary\"", "settings.PGPASSWORD must be in the Secret healthz" },
        { "settings.HEALTHZ_VIEW_KEYS=\"canary\"", "settings.HEALTHZ_VIEW_KEYS must be in the Secret healthz" },
        { "settings.MINIO_STORAGE_SECRET_KEY=\"canary\"", "settings.MINIO_STORAGE_SECRET_KEY must be in the Secret" },
        { "settings.Healthz__WebhookSecret=\"canary\"", "settings.Healthz__WebhookSecret must be in the Secret" },
        { "settings.Healthz__Databases__a=\"Host=db;Password=canary\"", "settings.Healthz__Databases__a must be in the Secret" },
        { "settings.Healthz__Alertmanager=\"http://me:canary@a\"", "settings.Healthz__Alertmanager must be in the Secret" },
        { "settings.ENABLE_HEALTHZ_ENDPOINT=true", "settings.ENABLE_HEALTHZ_ENDPOINT must not be there: the chart sets it" },
        { "settings.HEALTHZ_SCHEDULE=\"0 * * * * *\"", "settings.HEALTHZ_SCHEDULE must not be there: set schedule" },
        { "settings.Healthz__Slo=[99]", "at '/settings/Healthz__Slo': got array" },
        { "schedule=\"* * * * *\"", "at '/schedule'" },
        { "history.enabled=\"yes\"", "at '/history/enabled': got string, want boolean" },
        { "history.size=\"big\"", "at '/history/size'" },
        { "history.accessMode=\"ReadOnlyMany\"", "at '/history/accessMode'" },
        { "history.storageClass=1", "at '/history/storageClass': got number, want string" },
        { "history.existingClaim=true", "at '/history/existingClaim': got boolean, want string" },
        { "replicas=0", "at '/replicas': minimum: got 0, want 1" },
        { "replicas=\"two\"", "at '/replicas': got string" },
        { "resources.limits.cpu=\"fast\"", "at '/resources/limits/cpu'" },
        { "resources.requests.memory=-1", "at '/resources/requests/memory'" },
        { "resources.limit={}", "at '/resources': additional properties 'limit' not allowed" },
        { "networkPolicy.enabled=1", "at '/networkPolicy/enabled': got number, want boolean" },
        { "networkPolicy.egressPorts=[99999]", "at '/networkPolicy/egressPorts/0'" },
        { "networkPolicy.ingressFrom=[{\"podSelecter\":{}}]", "at '/networkPolicy/ingressFrom/0'" },
        { "metrics.enabled=\"on\"", "at '/metrics/enabled': got string, want boolean" },
        { "metrics.serviceMonitor=true", "metrics.enabled must be true for metrics.serviceMonitor and metrics.prometheusRule" },
        { "metrics.prometheusRule=true", "metrics.enabled must be true for metrics.serviceMonitor and metrics.prometheusRule" },
        { "metrics.labels={\"a\":1}", "at '/metrics/labels/a': got number, want string" },
    };

    [Fact]
    public async Task Helm_finds_nothing_to_mend()
    {
        foreach (var values in new[] { [], _everything })
        {
            var (code, output) = await Helm.RunAsync("lint", values);

            Assert.True(code == 0, output);
            Assert.Contains("1 chart(s) linted, 0 chart(s) failed", output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task By_default_it_deploys_what_the_base_of_kustomize_does()
    {
        var rendered = await Helm.RenderAsync();
        var files = Manifests.Files.Where(file => file.StartsWith("base/", StringComparison.Ordinal)).ToList();

        Assert.Equal(files.Count, rendered.Count);
        foreach (var expected in files.Select(Manifests.Json))
        {
            // An overlay of kustomize says which image; the chart knows its version.
            if ((string?)expected["kind"] == "Deployment")
            {
                Assert.Single(Manifests.Containers(expected))!["image"] = "caluma-healthz:0.1.0";
            }

            var actual = ObjectOf(rendered, (string)expected["kind"]!)!;
            KubernetesSchema.Read(actual);
            AssertEqual(expected["apiVersion"], actual["apiVersion"]);
            AssertEqual(expected["metadata"]!["name"], actual["metadata"]!["name"]);
            AssertEqual(expected["spec"], actual["spec"]);
            Assert.Empty(expected["metadata"]!["labels"]!.AsObject().Select(label => $"{label.Key}={label.Value}")
                .Except(actual["metadata"]!["labels"]!.AsObject().Select(label => $"{label.Key}={label.Value}")));
        }
    }

    [Fact]
    public async Task The_history_is_the_volume_of_kustomize()
    {
        var rendered = await Helm.RenderAsync("history.enabled=true");
        var patch = Manifests.Json("volume/deployment-patch.yaml")["spec"]!;
        var pod = At(rendered, Pod)!;

        Assert.All(rendered, manifest => KubernetesSchema.Read(manifest));
        AssertEqual(Manifests.Json("volume/claim.yaml")["spec"], At(rendered, "PersistentVolumeClaim/spec"));
        AssertEqual(patch["replicas"], At(rendered, "Deployment/spec/replicas"));
        AssertEqual(patch["strategy"], At(rendered, "Deployment/spec/strategy"));
        AssertEqual(patch["template"]!["spec"]!["volumes"], pod["volumes"]);
        AssertEqual(patch["template"]!["spec"]!["securityContext"]!["fsGroup"], pod["securityContext"]!["fsGroup"]);
        var mounted = patch["template"]!["spec"]!["containers"]![0]!;
        AssertEqual(mounted["volumeMounts"], pod["containers"]![0]!["volumeMounts"]);
        AssertEqual(mounted["env"]![0], pod["containers"]![0]!["env"]!.AsArray()[^1]);
    }

    [Fact]
    public async Task The_metrics_are_the_monitoring_of_kustomize()
    {
        var rendered = await Helm.RenderAsync(_everything);
        var container = Manifests.Json("monitoring/deployment-patch.yaml")["spec"]!["template"]!["spec"]!["containers"]![0]!;
        var policy = Assert.Single(YamlFile.Read("infra", "kubernetes", "monitoring", "networkpolicy-patch.yaml")[0].AsArray())!;

        AssertEqual(Manifests.Json("monitoring/servicemonitor.yaml")["spec"], At(rendered, "ServiceMonitor/spec"));
        AssertEqual(Manifests.Json("monitoring/prometheusrule.yaml")["spec"], At(rendered, "PrometheusRule/spec"));
        AssertEqual(container["args"], At(rendered, $"{Container}/args"));
        AssertEqual(container["ports"]![0], At(rendered, $"{Container}/ports/1"));
        AssertEqual(Manifests.Json("monitoring/service-patch.yaml")["spec"]!["ports"]![0], At(rendered, "Service/spec/ports/1"));
        AssertEqual(policy["value"], At(rendered, "NetworkPolicy/spec/ingress/1"));
    }

    [Fact]
    public async Task The_rules_ask_for_the_job_by_the_name_of_the_service()
    {
        var rendered = await Helm.RenderAsync("name=\"second\"", "metrics.enabled=true", "metrics.prometheusRule=true");
        var rules = $"{At(rendered, "PrometheusRule/spec")}";

        Assert.Contains("job=\\u0022second\\u0022", rules, StringComparison.Ordinal);
        Assert.DoesNotContain("job=\\u0022caluma-healthz", rules, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_server_takes_all_that_the_chart_sets()
    {
        var container = At(await Helm.RenderAsync(_everything), Container)!;
        var args = container["args"]!.AsArray().Select(argument => (string)argument!).ToList();
        var settings = Settings.Read(container["env"]!.AsArray().Select(variable => $"{variable!["name"]}={variable["value"]}"));

        Assert.Empty(ServeCommand.Create(Settings.Of()).Parse([.. args.Skip(1)]).Errors);
        Assert.Empty(settings.Problems);
        Assert.True(settings.Options.Enabled);
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task A_value_changes_what_it_says(string value, string path, string? expected)
    {
        var rendered = await Helm.RenderAsync(value);

        Assert.All(
            rendered.Where(manifest => !((string)manifest["apiVersion"]!).StartsWith("monitoring.", StringComparison.Ordinal)),
            manifest => KubernetesSchema.Read(manifest));
        AssertEqual(expected is null ? null : Assert.Single(YamlFile.Parse(expected)), At(rendered, path));
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task A_bad_value_is_refused_by_name_and_no_secret_is_told(string value, string refusal)
    {
        var (code, output) = await Helm.RunAsync("template", [value]);

        Assert.NotEqual(0, code);
        Assert.Contains(refusal, output, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("replicas=2", "replicas must be 1 with history.accessMode ReadWriteOnce")]
    [InlineData("settings.Healthz__History__ServiceUri=\"https://a\"", "settings.Healthz__History__ServiceUri must not be there with")]
    public async Task A_value_that_does_not_go_with_a_volume_is_refused(string value, string refusal) =>
        Assert.Contains(refusal, (await Helm.RunAsync("template", ["history.enabled=true", value])).Output, StringComparison.Ordinal);

    [Fact]
    public void Each_value_is_in_the_schema_and_has_tests_that_change_it_and_get_it_refused()
    {
        var values = Leaves(Assert.Single(YamlFile.Read("infra", "helm", "values.yaml")).AsObject()).ToList();
        var schema = JsonNode.Parse(File.ReadAllText(Path.Combine(Helm.Chart, "values.schema.json")))!["properties"]!.AsObject();
        var changes = Changes.Select(row => row.Data.Item1).ToList();
        var refusals = Refusals.Select(row => row.Data.Item1).ToList();

        Assert.Equal(
            schema.SelectMany(property => property.Value!["properties"] is JsonObject inner
                ? inner.Select(field => $"{property.Key}.{field.Key}") : [property.Key]).Except(["global"]).Order(),
            values.Order());
        Assert.All(values, value => Assert.Contains(changes, change => Sets(change, value)));
        Assert.All(values, value => Assert.Contains(refusals, change => Sets(change, value)));
    }

    [Fact]
    public void The_chart_has_the_version_of_the_probe_and_the_rules_of_prometheus()
    {
        var chart = Assert.Single(YamlFile.Read("infra", "helm", "Chart.yaml"));
        var version = typeof(HealthzServices).Assembly.GetName().Version!.ToString(3);

        Assert.Equal((version, version), ((string?)chart["version"], (string?)chart["appVersion"]));
        Assert.Equal(
            File.ReadAllText(Path.Combine(Repository.Root, "infra", "prometheus", "healthz.rules.yaml")),
            File.ReadAllText(Path.Combine(Helm.Chart, "files", "healthz.rules.yaml")));
    }

    /// <summary>The values by their paths; settings and the like are one value each.</summary>
    private static IEnumerable<string> Leaves(JsonObject values) =>
        from value in values
        from leaf in value.Value is JsonObject inner && value.Key != "settings" ? inner.Select(field => $".{field.Key}") : [""]
        select $"{value.Key}{leaf}";

    /// <summary>Whether <c>a.b=1</c>, <c>a.b.c=1</c> or <c>a={"b":1}</c> sets <c>a.b</c>.</summary>
    private static bool Sets(string change, string value) =>
        change.StartsWith($"{value}=", StringComparison.Ordinal) || change.StartsWith($"{value}.", StringComparison.Ordinal)
        || (value.Split('.') is [var parent, var child] && change.StartsWith($"{parent}={{", StringComparison.Ordinal)
            && change.Contains($"\"{child}\":", StringComparison.Ordinal));

    private static JsonNode? ObjectOf(IEnumerable<JsonNode> manifests, string kind) =>
        manifests.SingleOrDefault(manifest => (string?)manifest["kind"] == kind);

    /// <summary>What is at a path, such as <c>Deployment/spec/replicas</c>; in a name, <c>~</c> stands for a slash.</summary>
    private static JsonNode? At(IEnumerable<JsonNode> manifests, string path)
    {
        var steps = path.Split('/');
        return steps[1..].Aggregate(ObjectOf(manifests, steps[0]), (node, step) => node is JsonArray array
            ? array.ElementAtOrDefault(int.Parse(step, null))
            : node?[step.Replace('~', '/')]);
    }

    private static void AssertEqual(JsonNode? expected, JsonNode? actual) =>
        Assert.True(JsonNode.DeepEquals(expected, actual), $"Expected {expected?.ToJsonString()}, got {actual?.ToJsonString()}.");
}
