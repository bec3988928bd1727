using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Caluma.Healthz.Tests.Infra;

namespace Caluma.Healthz.Tests.GitHub;

/// <summary>Rules for the workflows, and the existence of all files that they name.</summary>
public sealed partial class WorkflowTests
{
    public static TheoryData<string> Files =>
        [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, ".github", "workflows"))
            .Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void No_workflow_may_write_and_every_job_has_a_timeout(string file)
    {
        var workflow = Read(file);

        Assert.DoesNotContain(Rights(workflow), right => right.EndsWith(": write", StringComparison.Ordinal));
        Assert.All(Jobs(workflow), job => Assert.True(job.Value!["uses"] is not null || job.Value["timeout-minutes"] is not null, job.Key));
    }

    [Theory]
    [InlineData("ci.yml")]
    [InlineData("codeql.yml", "analyze/security-events: write")]
    [InlineData("deploy.yml", "deploy/id-token: write")]
    [InlineData(
        "release.yml",
        "functions/id-token: write", "functions/attestations: write",
        "server/packages: write", "server/id-token: write", "server/attestations: write",
        "container/packages: write", "container/id-token: write", "container/attestations: write",
        "release/contents: write")]
    public void A_job_has_only_the_rights_that_it_needs(string file, params string[] rights) =>
        Assert.Equal(
            rights,
            Jobs(Read(file)).SelectMany(job => Rights(job.Value!).Select(right => $"{job.Key}/{right}"))
                .Where(right => right.EndsWith(": write", StringComparison.Ordinal)));

    [Fact]
    public void Every_action_is_one_of_GitHub_with_the_same_major_version_everywhere()
    {
        var actions = Steps().Select(step => (string?)step["uses"]).OfType<string>().Distinct().ToList();

        Assert.All(actions, action => Assert.Matches("^(actions|github)/[a-z/-]+@v[0-9]+$", action));
        Assert.Equal(actions.Count, actions.Select(action => action.Split('@')[0]).Distinct().Count());
    }

    [Fact]
    public void A_checkout_leaves_no_token_behind() =>
        Assert.All(
            Steps().Where(step => ((string?)step["uses"])?.StartsWith("actions/checkout@", StringComparison.Ordinal) is true),
            step => Assert.False((bool)step["with"]!["persist-credentials"]!));

    [Fact]
    public void No_script_contains_text_that_outsiders_choose() =>
        Assert.DoesNotContain(Steps().Select(step => (string?)step["run"]).OfType<string>(), script =>
            script.Contains("${{", StringComparison.Ordinal));

    [Fact]
    public void A_release_is_tested_first()
    {
        var jobs = Read("release.yml")["jobs"]!;

        Assert.Equal("./.github/workflows/ci.yml", (string?)jobs["test"]!["uses"]);
        Assert.True(Read("ci.yml")["on"]!.AsObject().ContainsKey("workflow_call"));
        Assert.Equal("test", (string?)jobs["functions"]!["needs"]);
        Assert.Equal("test", (string?)jobs["server"]!["needs"]);
        Assert.Equal("server", (string?)jobs["container"]!["needs"]);
        Assert.Equal(["functions", "server", "container"], jobs["release"]!["needs"]!.AsArray().Select(job => (string?)job));
    }

    [Fact]
    public void Each_platform_is_compiled_on_its_own_runner() => Assert.Equal(
        [("ubuntu-24.04", "linux-x64"), ("ubuntu-24.04-arm", "linux-arm64")],
        Read("release.yml")["jobs"]!["server"]!["strategy"]!["matrix"]!["include"]!.AsArray()
            .Select(machine => ((string)machine!["runner"]!, (string)machine["platform"]!)));

    [Fact]
    public void A_deployment_is_off_by_default_and_stores_no_secret_of_Azure()
    {
        var workflow = Read("deploy.yml");
        var job = Assert.Single(Jobs(workflow)).Value!;

        Assert.Equal(["workflow_dispatch"], workflow["on"]!.AsObject().Select(trigger => trigger.Key));
        Assert.Equal("vars.HEALTHZ_DEPLOY == 'true'", (string?)job["if"]);
        Assert.Equal(["secrets.HEALTHZ_ALERT_WEBHOOK"], Secret().Matches($"{job}").Select(match => match.Value).Distinct());
        Assert.Contains(job["steps"]!.AsArray(), step =>
            ((string?)step!["run"])?.Contains("--federated-token", StringComparison.Ordinal) is true);
    }

    [Fact]
    public void Every_file_that_the_scripts_name_exists()
    {
        var scripts = string.Join('\n', Steps().Select(step => (string?)step["run"]));

        var paths = NamedPath().Matches(scripts).Select(match => match.Value).Distinct().ToList();
        Assert.NotEmpty(paths);
        Assert.All(paths, path => Assert.True(Path.Exists(Path.Combine(Repository.Root, path)), path));
        var classes = NamedClass().Matches(scripts).Select(match => match.Groups["name"].Value).ToList();
        Assert.NotEmpty(classes);
        Assert.All(classes, name => Assert.NotNull(typeof(WorkflowTests).Assembly.GetType(name)));
    }

    [Fact]
    public void Dependabot_looks_where_there_is_something_to_update()
    {
        var manifests = new Dictionary<string, string>
        {
            ["nuget"] = "Directory.Packages.props",
            ["dotnet-sdk"] = "global.json",
            ["npm"] = "package.json",
            ["docker"] = "Dockerfile",
            ["github-actions"] = ".github/workflows/ci.yml",
        };
        var updates = Assert.Single(YamlFile.Read(".github", "dependabot.yml"))["updates"]!.AsArray();

        Assert.Empty(manifests.Keys.Except(updates.Select(update => (string)update!["package-ecosystem"]!)));
        Assert.All(updates, update => Assert.True(
            File.Exists(Path.Combine(Repository.Root, ((string)update!["directory"]!)
                .TrimStart('/'), manifests[(string)update["package-ecosystem"]!])), $"{update}"));
    }

    private static JsonNode Read(string file) => Assert.Single(YamlFile.Read(".github", "workflows", file));

    private static JsonObject Jobs(JsonNode workflow) => workflow["jobs"]!.AsObject();

    /// <summary>The permissions of a workflow or a job; without any the default permissions count, which are many.</summary>
    private static IEnumerable<string> Rights(JsonNode node) =>
        node["permissions"] is JsonObject permissions ? permissions.Select(permission => $"{permission.Key}: {permission.Value}")
        : node["on"] is not null ? throw new InvalidDataException("The workflow says nothing of its permissions.")
        : [];

    private static IEnumerable<JsonNode> Steps() =>
        Files.Select(row => Read(row.Data)).SelectMany(workflow => Jobs(workflow))
            .SelectMany(job => job.Value!["steps"]?.AsArray() ?? []).OfType<JsonNode>();

    [GeneratedRegex(@"(?<![\w/.-])(Caluma\.Healthz\.(Server|Functions)[\w./]*|infra/[\w./-]+|\.ci/\w+|CHANGELOG\.md)(?!\.Tests)")]
    private static partial Regex NamedPath();

    [GeneratedRegex(@"\bsecrets\.\w+")]
    private static partial Regex Secret();

    [GeneratedRegex(@"--filter-class (?<name>[\w.]+)")]
    private static partial Regex NamedClass();
}
