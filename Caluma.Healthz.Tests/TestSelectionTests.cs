using Caluma.Healthz.Tests.Checks;
using Caluma.Healthz.Tests.Checks.Caches;
using Caluma.Healthz.Tests.Eng;
using Caluma.Healthz.Tests.Functions;
using Caluma.Healthz.Tests.Infra;
using Caluma.Healthz.Tests.Infra.Kubernetes;
using Caluma.Healthz.Tests.Pages;
using Caluma.Healthz.Tests.Recording;
using Caluma.Healthz.Tests.Servers;
using Caluma.Healthz.Tests.Trends;

namespace Caluma.Healthz.Tests;

[Slow]
public sealed class TestSelectionTests
{
    public static TheoryData<string, Type[], Type[]> Changes => new()
    {
        // The folder and those above it.
        { "Caluma.Healthz/Checks/Caches/RedisProbe.cs", [typeof(RedisProbeTests), typeof(KilledProbeTests), typeof(SecretsTests)],
            [typeof(DashboardTests), typeof(BicepTests)] },
        { "Caluma.Healthz/Checks/Caches/Gone.cs", [typeof(RedisProbeTests)], [typeof(DashboardTests)] },

        // The users.
        { "Caluma.Healthz/Trends/AlertEngine.cs", [typeof(AlertUpdaterTests)], [typeof(RedisProbeTests), typeof(BicepTests)] },
        { "Caluma.Healthz.Servers/RedisServer.cs", [typeof(RedisServerTests), typeof(RedisProbeTests)], [typeof(BicepTests)] },
        { "Caluma.Healthz.Tests/Checks/Caches/RedisProbeTests.cs", [typeof(RedisProbeTests)],
            [typeof(RedisClusterTests), typeof(KilledProbeTests)] },
        { "Caluma.Healthz.Tests/History/MemoryHistoryStorage.Outside.cs", [typeof(RecordingOnAzuriteTests)], [typeof(BicepTests)] },
        { "Caluma.Healthz.Benchmarks/Alerts/Profiles.cs", [typeof(NoiseTests)], [typeof(BicepTests), typeof(RedisProbeTests)] },
        { "Caluma.Healthz/Check.cs", [typeof(RedisProbeTests), typeof(DashboardTests)], [typeof(BicepTests)] },

        // Files that are no code.
        { "infra/modules/storage.bicep", [typeof(BicepTests)], [typeof(DashboardTests), typeof(RedisProbeTests)] },
        { "eng/axe/package.json", [typeof(DashboardTests)], [typeof(BicepTests)] },
        { "docs/cost.md", [typeof(CostTests)], [typeof(BicepTests), typeof(DockerfileTests), typeof(RedisProbeTests)] },
        { "docs/operations.md", [typeof(RedisSettingsTests)], [typeof(BicepTests), typeof(DockerfileTests), typeof(DashboardTests)] },
        { "docs/a-new-page.md", [], [typeof(BicepTests), typeof(DockerfileTests), typeof(CostTests)] },
        { "infra/main.bicep", [typeof(BicepTests), typeof(CostTests)], [typeof(DockerfileTests), typeof(DashboardTests)] },
        { "infra/kubernetes/base/service.yaml", [typeof(KustomizeTests)], [typeof(RedisProbeTests), typeof(DashboardTests)] },
        { "infra/helm/values.yaml", [typeof(HelmChartTests)], [typeof(RedisProbeTests), typeof(DashboardTests)] },
        { "eng/helm/package.json", [typeof(HelmChartTests)], [typeof(RedisProbeTests), typeof(DashboardTests)] },
        { "Dockerfile", [typeof(DockerfileTests)], [typeof(BicepTests), typeof(RedisProbeTests)] },
        { "eng/azurite/package.json", [typeof(AzuriteServerTests), typeof(RecordingOnAzuriteTests)], [typeof(BicepTests)] },
        { "Caluma.Healthz/Pages/dashboard.css", [typeof(DashboardTests)], [typeof(BicepTests), typeof(RedisProbeTests)] },
        { "Caluma.Healthz/Migrations/known-releases.txt", [typeof(KnownReleasesScriptTests)], [typeof(BicepTests)] },
        { "Caluma.Healthz.Tests/Functions/Host/functions-rpc.proto", [typeof(FunctionsHostTests)], [typeof(BicepTests)] },
        { "LICENSE", [], [typeof(DashboardTests), typeof(BicepTests), typeof(RedisProbeTests), typeof(SecretsTests)] },
        { "Directory.Packages.props", [typeof(DashboardTests), typeof(BicepTests), typeof(RedisProbeTests), typeof(SecretsTests)], [] },
        { "Caluma.Healthz/Caluma.Healthz.csproj", [typeof(DashboardTests), typeof(BicepTests)], [] },
        { "a-new-kind-of-file", [typeof(DashboardTests), typeof(BicepTests)], [] },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_change_touches_its_folder_and_the_users_of_its_types(string file, Type[] touched, Type[] untouched)
    {
        var leftOut = TestSelection.LeftOut([file]);

        Assert.Empty(touched.Select(type => type.FullName).Intersect(leftOut));
        Assert.Empty(untouched.Select(type => type.FullName).Except(leftOut));
    }

    [Fact]
    public void Several_files_touch_the_classes_of_each()
    {
        var leftOut = TestSelection.LeftOut(["infra/main.bicep", "eng/axe/package.json"]);

        Assert.DoesNotContain(typeof(BicepTests).FullName, leftOut);
        Assert.DoesNotContain(typeof(DashboardTests).FullName, leftOut);
        Assert.Contains(typeof(RedisProbeTests).FullName, leftOut);
    }

    [Fact]
    public void Only_slow_classes_are_left_out_and_without_a_change_all_of_them() => Assert.Equal(
        TestSelection.Classes.Where(type => type.IsDefined(typeof(SlowAttribute), inherit: true)).Select(type => type.FullName).Order(),
        TestSelection.LeftOut([]).Order());
}
