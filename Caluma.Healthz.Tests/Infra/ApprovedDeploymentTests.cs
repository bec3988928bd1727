using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Caluma.Healthz.Tests.Infra;

/// <summary>
/// Approved files show what infra/ deploys, for reviews: the default in full, other cases as differences to it. After a change on purpose:
/// <c>HEALTHZ_TEST_APPROVE=yes ./dev test --filter-class '*ApprovedDeploymentTests'</c>.
/// </summary>
[Slow]
public sealed class ApprovedDeploymentTests(Deployments deployments)
{
    private const string Default = "default";

    private static readonly JsonSerializerOptions _readable = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
    };

    private static readonly string _folder = Path.Combine(Repository.Root, "Caluma.Healthz.Tests", "Infra", "Approved");

    public static TheoryData<string, string[]> Cases => new()
    {
        { Default, [] },
        { "networking-new", ["param networking = 'new'"] },
        { "no-alerts", ["param alertsEnabled = false"] },
        { "open-telemetry", ["param telemetry = 'openTelemetry'"] },
        { "availability-test", ["param availabilityTest = true", "param availabilityKey = 'a key'"] },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task The_deployment_is_the_approved_one(string name, string[] parameters)
    {
        var asItComes = ApprovedDeployment.Of(await deployments.AsItComes);
        var found = name == Default
            ? asItComes
            : ApprovedDeployment.Differences(asItComes, ApprovedDeployment.Of(await Deployment.PredictAsync(parameters)));
        var text = $"{found.ToJsonString(_readable)}\n";
        var file = Path.Combine(_folder, $"{name}.json");

        if (Environment.GetEnvironmentVariable("HEALTHZ_TEST_APPROVE") is "yes")
        {
            await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);
        }

        Assert.Equal(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), text);
    }

    [Fact]
    public void Every_approved_file_belongs_to_a_case() =>
        Assert.Equal(
            Cases.Select(row => $"{row.Data.Item1}.json").Order(),
            Directory.EnumerateFiles(_folder).Select(Path.GetFileName).Order());
}
