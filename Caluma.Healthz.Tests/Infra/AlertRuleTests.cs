using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml;

namespace Caluma.Healthz.Tests.Infra;

[Slow]
public sealed partial class AlertRuleTests(Deployments deployments, KqlEngine kql)
{
    private const string LogRule = "Microsoft.Insights/scheduledQueryRules";
    private const string MetricRule = "Microsoft.Insights/metricAlerts";

    // https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-create-log-alert-rule
    private static readonly string[] _frequencies = ["PT5M", "PT10M", "PT15M", "PT30M", "PT45M", "PT1H"];
    private static readonly string[] _windows = [.. _frequencies, "PT2H", "PT3H", "PT4H", "PT5H", "PT6H", "P1D", "P2D"];

    [Fact]
    public async Task There_is_a_rule_for_each_thing_that_can_go_wrong()
    {
        Assert.Equal(
            [
                "alert-critical", "alert-warning", "check-failing", "configuration-invalid", "function-exception", "heartbeat-missing",
                "record-failed",
            ],
            (await deployments.Plain).Of(LogRule).Select(Name).Order());
        Assert.Empty((await deployments.Plain).Of(MetricRule));
        Assert.Equal(["availability"], (await deployments.Full).Of(MetricRule).Select(Name));
    }

    [Fact]
    public async Task With_OpenTelemetry_a_metric_takes_the_place_of_the_log_alert_for_a_check_that_fails()
    {
        var deployment = await Deployment.PredictAsync("param telemetry = 'openTelemetry'");
        var rule = deployment.Single(MetricRule);
        var criterion = Assert.Single(rule.Items("properties.criteria.allOf"))!.AsObject();
        var component = deployment.Single("Microsoft.Insights/components");

        Assert.Equal(
            (await deployments.AsItComes).Of(LogRule).Select(Name).Except(["check-failing"]), deployment.Of(LogRule).Select(Name));
        Assert.Equal("check-failing", Name(rule));
        Assert.Equal(Id(component), Assert.Single(rule.Items("properties.scopes")).GetValue<string>());
        Assert.Equal(("PT1M", "PT5M"), (rule.Text("properties.evaluationFrequency"), rule.Text("properties.windowSize")));
        Assert.Equal(
            ("healthz.check.ok", "Average", "LessThan"),
            (criterion.Text("metricName"), criterion.Text("timeAggregation"), criterion.Text("operator")));
        Assert.Equal(["check", "target"], criterion.Items("dimensions").Select(dimension => dimension.Text("name")));
        Assert.True(criterion.Flag("skipMetricValidation"));
        Assert.Equal(
            Id(deployment.Single("Microsoft.Insights/actionGroups")),
            Assert.Single(rule.Items("properties.actions")).Text("actionGroupId"));

        // Application Insights drops the dimensions of a metric unless it is told not to.
        Assert.Equal("WithDimensions", component.Text("properties.CustomMetricsOptedInType"));
        Assert.Null((await deployments.AsItComes).Single("Microsoft.Insights/components").At("properties.CustomMetricsOptedInType"));
    }

    [Fact]
    public async Task Every_rule_notifies_the_action_group()
    {
        var deployment = await deployments.Full;
        var group = deployment.Single("Microsoft.Insights/actionGroups");
        var plainGroup = (await deployments.Plain).Single("Microsoft.Insights/actionGroups");
        var told =
            deployment.Of(LogRule).Select(rule => Assert.Single(rule.Items("properties.actions.actionGroups")).GetValue<string>())
                .Concat(deployment.Of(MetricRule).Select(rule => Assert.Single(rule.Items("properties.actions")).Text("actionGroupId")));

        Assert.True(group.Flag("properties.enabled"));
        Assert.Equal(["email-1 ops@example.com"], Receivers(group));
        Assert.Contains("'serviceUri', parameters('webhook')", group.Text("properties.webhookReceivers"), StringComparison.Ordinal);
        Assert.Equal(["email-1 ops@example.com", "email-2 more@example.com"], Receivers(plainGroup));
        Assert.Equal(Rules(deployment).Select(_ => Id(group)), told);

        static IEnumerable<string> Receivers(JsonObject group) =>
            group.Items("properties.emailReceivers").Select(receiver => $"{receiver.At("name")} {receiver.At("emailAddress")}");
    }

    // A test notification must name the receiver as the action group does, or nobody gets it.
    [Fact]
    public async Task The_test_alert_that_the_deployment_prints_names_its_action_group_and_its_first_receiver()
    {
        var deployment = await deployments.Plain;
        var group = deployment.Single("Microsoft.Insights/actionGroups");
        var receiver = group.Items("properties.emailReceivers").First();

        Assert.Equal(group.Text("name"), deployment.Outputs.Text("healthzActionGroup"));
        Assert.Equal(
            $"az monitor action-group test-notifications create --resource-group healthz --action-group {group["name"]} --alert-type "
                + "logalertv2 "
            + $"--add-action email {receiver["name"]} {receiver["emailAddress"]} usecommonalertschema",
            deployment.Outputs.Text("healthzTestAlert"));
    }

    [Theory]
    [InlineData("Disabled")]
    [InlineData("Enabled", "param failureAnomalies = true")]
    [InlineData("Disabled", "param failureAnomalies = true", "param alertsEnabled = false")]
    public async Task The_failure_anomalies_of_Application_Insights_are_off_by_default(string state, params string[] parameters)
    {
        var deployment = await Deployment.PredictAsync(["// Nothing more.", .. parameters]);
        var rule = deployment.Single("microsoft.alertsManagement/smartDetectorAlertRules");
        var component = deployment.Single("Microsoft.Insights/components");

        // Named as Application Insights itself would name it, so that it makes no second one.
        Assert.Equal($"Failure Anomalies - {component["name"]}", rule.Text("name"));
        Assert.Equal("FailureAnomaliesDetector", rule.Text("properties.detector.id"));
        Assert.Equal(Id(component), Assert.Single(rule.Items("properties.scope")).GetValue<string>());
        Assert.Equal(state, rule.Text("properties.state"));
    }

    [Fact]
    public async Task No_query_is_validated_at_the_deployment_because_the_workspace_may_lack_the_table() =>
        Assert.All((await deployments.Plain).Of(LogRule), rule => Assert.True(rule.Flag("properties.skipQueryValidation")));

    [Fact]
    public async Task Every_rule_is_enabled_by_default()
    {
        var off = await Deployment.PredictAsync("param alertsEnabled = false", "param availabilityTest = true");

        Assert.All(Rules(await deployments.Full), rule => Assert.True(rule.Flag("properties.enabled")));
        Assert.All(Rules(off), rule => Assert.False(rule.Flag("properties.enabled")));
        Assert.False(off.Single("Microsoft.Insights/webtests").Flag("properties.Enabled"));
    }

    [Fact]
    public async Task Every_rule_says_what_to_do_and_links_to_its_section_of_the_runbook()
    {
        var sections = File.ReadLines(Path.Combine(Repository.Root, "docs", "runbook.md"))
            .Where(line => line.StartsWith("## ", StringComparison.Ordinal)).Select(line => line[3..]).ToList();

        (Deployment, string)[] cases =
        [
            (await deployments.Plain, "https://github.com/projectcaluma/caluma-healthz/blob/main/docs/runbook.md"),
            (await deployments.Full, "https://example.com/runbook.md"),
        ];
        foreach (var (deployment, runbook) in cases)
        {
            foreach (var rule in Rules(deployment))
            {
                var description = rule.Text("properties.description");
                Assert.EndsWith($". {runbook}#{Name(rule)}", description, StringComparison.Ordinal);
                Assert.True(Uri.TryCreate(description.Split(' ')[^1], UriKind.Absolute, out var link) && link.Scheme == "https");
                Assert.InRange(description.Length, 80, 400);
                Assert.Contains(Name(rule), sections);
            }
        }

        Assert.Empty(sections.Except(Rules(await deployments.Full).Select(Name)));
    }

    [Fact]
    public void Every_section_of_the_runbook_says_what_it_means_where_to_look_what_to_do_and_how_to_silence_it()
    {
        var sections = File.ReadAllText(Path.Combine(Repository.Root, "docs", "runbook.md")).Split("\n## ")[1..];

        Assert.All(sections, section => Assert.Equal(
            ["What it means.", "First look.", "Likely causes, and the fix.", "Silence it."],
            Part().Matches(section).Select(part => part.Groups["name"].Value)));
    }

    [Fact]
    public async Task Every_query_is_the_one_of_its_file_for_the_component_of_the_deployment()
    {
        var deployment = await deployments.Plain;
        var component = Id(deployment.Single("Microsoft.Insights/components"));

        foreach (var rule in deployment.Of(LogRule))
        {
            var file = Path.Combine(InfraFolder.Origin, "queries", $"{Name(rule)}.kql");
            Assert.Equal(File.ReadAllText(file).Replace("{component}", component, StringComparison.Ordinal), Criterion(rule).Text("query"));
            Assert.Equal(
                Id(deployment.Single("Microsoft.OperationalInsights/workspaces")),
                Assert.Single(rule.Items("properties.scopes")).GetValue<string>());
        }
    }

    [Fact]
    public async Task Every_rule_measures_and_splits_by_columns_of_its_query()
    {
        foreach (var rule in (await deployments.Plain).Of(LogRule))
        {
            var criterion = Criterion(rule);
            var columns = (await kql.RunAsync(criterion.Text("query"))).Columns!;

            Assert.All(criterion.Items("dimensions"), dimension => Assert.Equal("string", columns[dimension.Text("name")]));
            Assert.True(criterion.Items("dimensions").Count() <= 6);
            if (criterion["metricMeasureColumn"] is { } measure)
            {
                Assert.Equal("long", columns[measure.GetValue<string>()]);
                Assert.Equal("Maximum", criterion.Text("timeAggregation"));
            }
            else
            {
                Assert.Equal(("Count", "GreaterThan", 0), (
                    criterion.Text("timeAggregation"), criterion.Text("operator"), criterion.Number("threshold")));
            }

            // With a time column Azure would split the result into windows.
            Assert.DoesNotContain("datetime", columns.Values);
        }
    }

    [Fact]
    public async Task The_frequency_and_window_of_every_rule_are_valid_in_Azure()
    {
        foreach (var rule in (await deployments.Plain).Of(LogRule))
        {
            var (frequency, window) = (rule.Text("properties.evaluationFrequency"), rule.Text("properties.windowSize"));

            Assert.Contains(frequency, _frequencies);
            Assert.Contains(window, _windows);
            Assert.True(XmlConvert.ToTimeSpan(frequency) <= XmlConvert.ToTimeSpan(window));
        }
    }

    [Fact]
    public async Task Only_rules_that_page_are_evaluated_every_five_minutes()
    {
        Assert.Equal(
            ["alert-critical 0", "heartbeat-missing 1"],
            (await deployments.Plain).Of(LogRule).Where(rule => rule.Text("properties.evaluationFrequency") == "PT5M")
                .Select(rule => $"{Name(rule)} {rule.At("properties.severity")}").Order());
    }

    [Fact]
    public async Task The_availability_test_calls_the_probe_with_its_own_key()
    {
        var deployment = await deployments.Full;
        var test = deployment.Single("Microsoft.Insights/webtests");
        var header = Assert.Single(test.Items("properties.Request.Headers"))!;

        Assert.Empty((await deployments.Plain).Of("Microsoft.Insights/webtests"));
        Assert.Equal("https://healthz.example/healthz/bare", test.Text("properties.Request.RequestUrl"));
        Assert.Equal("x-functions-key", header.Text("key"));
        Assert.Equal("[parameters('availabilityKey')]", header.Text("value"));
        Assert.Matches(@"format\('hidden-link:\{0\}', reference\(.*\)\.outputs\.componentId\.value\)", test.Text("tags"));
    }

    [Theory]
    [InlineData(5, 2)]
    [InlineData(2, 2, "param availabilityLocations = ['emea-nl-ams-azr', 'emea-gb-db3-azr']")]
    [InlineData(1, 1, "param availabilityLocations = ['emea-nl-ams-azr']")]
    public async Task The_availability_test_calls_from_five_places_and_fires_when_two_of_them_fail(
        int places, int failed, params string[] parameters)
    {
        var deployment = await Deployment.PredictAsync(["param availabilityTest = true", "param availabilityKey = 'a key'", .. parameters]);

        var locations = deployment.Single("Microsoft.Insights/webtests")
            .Items("properties.Locations").Select(location => location.Text("Id")).ToList();
        Assert.Equal(places, locations.Distinct().Count());
        Assert.Equal(failed, deployment.Single(MetricRule).Number("properties.criteria.failedLocationCount"));
    }

    [Fact]
    public async Task The_workbook_shows_the_queries_of_the_files()
    {
        var deployment = await deployments.Plain;
        var component = Id(deployment.Single("Microsoft.Insights/components"));
        var items = JsonNode.Parse(deployment.Single("Microsoft.Insights/workbooks").Text("properties.serializedData")).Items("items");

        Assert.Equal(
            InfraFolder.Files(".kql").Where(file => file.StartsWith("queries/workbook-", StringComparison.Ordinal))
                .Select(file => File.ReadAllText(Path.Combine(InfraFolder.Origin, file))
                    .Replace("{component}", component, StringComparison.Ordinal)).Order(),
            items.Where(item => item.Number("type") == 3).Select(item => item.Text("content.query")).Order());
    }

    private static IEnumerable<JsonObject> Rules(Deployment deployment) => deployment.Of(LogRule).Concat(deployment.Of(MetricRule));

    private static string Id(JsonObject resource) => resource.Text("id");

    private static JsonObject Criterion(JsonObject rule) => Assert.Single(rule.Items("properties.criteria.allOf"))!.AsObject();

    /// <summary>The name without the part that distinguishes several probes.</summary>
    private static string Name(JsonObject rule) => rule.Text("name")["healthz-test-".Length..];

    [GeneratedRegex(@"^\*\*(?<name>[^*]+)\*\*", RegexOptions.Multiline)]
    private static partial Regex Part();
}
