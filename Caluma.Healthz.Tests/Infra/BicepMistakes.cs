namespace Caluma.Healthz.Tests.Infra;

/// <summary>A mistake of each kind, each in its own copy of infra/. The compiler checks all copies at once.</summary>
public sealed class BicepMistakes
{
    internal static IReadOnlyList<BicepMistake> All { get; } =
    [
        new(
            "a type that does not exist", "modules/function-app.bicep",
            "Microsoft.Web/serverfarms@", "Microsoft.Web/serverFarm@",
            "BCP081"),
        new(
            "a version that does not exist", "modules/storage.bicep",
            "storageAccounts@2025-06-01", "storageAccounts@2025-06-02",
            "BCP081"),
        new("a required property that is missing", "modules/alerts.bicep", "    groupShortName: 'healthz'\n", "", "BCP035"),
        new("a property that does not exist", "modules/storage.bicep", "allowSharedKeyAccess:", "allowSharedKeys:", "BCP037"),
        new("a property of another level", "modules/function-app.bicep", "    httpsOnly: true\n", "    minTlsVersion: '1.2'\n", "BCP037"),
        new(
            "a literal that is none of those allowed", "modules/storage.bicep",
            "publicAccess: 'None'", "publicAccess: 'Nobody'",
            "BCP036"),
        new("a value of another type", "modules/monitoring.bicep", "DisableLocalAuth: true", "DisableLocalAuth: 'true'", "BCP036"),
        new("a property that Azure sets", "modules/identity.bicep", "  tags: tags\n", "  tags: tags\n  id: name\n", "BCP073"),
        new("a module that lacks a parameter", "main.bicep", "    runbook: runbook\n", "", "BCP035"),
        new(
            "a module with a parameter that it does not have", "main.bicep",
            "    historyContainer: historyContainer\n", "    historyContainer: historyContainer\n    tier: 'Hot'\n",
            "BCP037"),
        new("a module that does not exist", "main.bicep", "'modules/network.bicep'", "'modules/networks.bicep'", "BCP091"),
        new("an output that does not exist", "main.bicep", "alerts.outputs.actionGroupId", "alerts.outputs.groupId", "BCP053"),
        new("a name that refers to nothing", "modules/alerts.bicep", "[actionGroup.id]", "[actionGroups.id]", "BCP057"),
        new("a query that does not exist", "modules/alerts.bicep", "queries/check-failing.kql", "queries/checks-failing.kql", "BCP091"),
        new(
            "a parameter outside its range", "main.bicep",
            "param maximumInstanceCount int = 4", "param maximumInstanceCount int = 0",
            "BCP328"),
        new(
            "a parameter that is not used", "modules/workbook.bicep",
            "displayName: displayName", "displayName: 'Healthz'",
            "no-unused-params"),
        new(
            "a secret that is put out", "main.bicep",
            "output healthzKeyVault string = vaultName", "output healthzKeyVault string = availabilityKey",
            "outputs-should-not-contain-secrets"),
        new(
            "an address of one cloud only", "main.bicep",
            "blob.${environment().suffixes.storage}", "blob.core.windows.net",
            "no-hardcoded-env-urls"),
        new(
            "a name that is known only afterwards", "main.bicep",
            "    storageName: storageName\n", "    storageName: last(split(storage.outputs.id, '/'))\n",
            "what-if-short-circuiting"),
        new(
            "a parameter that the parameters lack", "main.bicepparam",
            "param alertEmails = split(readEnvironmentVariable('HEALTHZ_ALERT_EMAILS'), ',')\n", "",
            "BCP258"),
    ];

    private readonly Lazy<Task<IReadOnlyList<string>>> _diagnostics = new(CompileAsync);

    /// <summary>The diagnostics of a mistake.</summary>
    internal async Task<IEnumerable<string>> DiagnosticsAsync(BicepMistake mistake) =>
        from diagnostic in await _diagnostics.Value
        where diagnostic.Contains($"/{Folder(mistake)}/{mistake.File}(", StringComparison.Ordinal)
        select diagnostic;

    private static async Task<IReadOnlyList<string>> CompileAsync()
    {
        using var infra = new InfraFolder([.. All.Select(Folder)]);
        foreach (var mistake in All)
        {
            infra.Replace($"{Folder(mistake)}/{mistake.File}", mistake.Text, mistake.Replacement);
        }

        return
        [
            .. await BicepCompiler.RunAsync(infra.Path, "lint", "--pattern", "*/main.bicep"),
            .. await BicepCompiler.RunAsync(infra.Path, "lint", "--pattern", "parameters/main.bicepparam"),
        ];
    }

    private static string Folder(BicepMistake mistake) => mistake.File.EndsWith("param", StringComparison.Ordinal)
        ? "parameters"
        : $"{All.Index().Single(one => one.Item == mistake).Index}";
}
