using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace Caluma.Healthz.Tests.Infra;

/// <summary>The resources of a deployment, as the compiler predicts them.</summary>
internal sealed class Deployment
{
    private const string Subscription = "11111111-1111-1111-1111-111111111111";
    private const string ResourceGroup = "healthz";
    private const string Location = "westeurope";

    private static readonly ConcurrentDictionary<string, Lazy<Task<Deployment>>> _predicted = [];

    private Deployment(JsonObject snapshot)
    {
        Diagnostics = [.. snapshot.Items("diagnostics").Select(diagnostic => diagnostic!.GetValue<string>())];
        var resources = snapshot.Items("predictedResources");
        Resources = [.. resources.Select(resource => Evaluate(resource)!.AsObject())];
        Outputs = Evaluate(snapshot["outputs"])!.AsObject();

        JsonNode? Evaluate(JsonNode? node) => node switch
        {
            JsonObject some => new JsonObject(
                some.Select(property => KeyValuePair.Create(ArmExpression.Evaluate(property.Key, Output), Evaluate(property.Value)))),
            JsonArray some => new JsonArray([.. some.Select(Evaluate)]),
            JsonValue some when some.TryGetValue<string>(out var text) => ArmExpression.Evaluate(text, Output),
            _ => node?.DeepClone(),
        };

        string Output(string module, string name) => (module, name) switch
        {
            ("identity", "id") => Id("Microsoft.ManagedIdentity/userAssignedIdentities"),
            ("monitoring", "workspaceId") => Id("Microsoft.OperationalInsights/workspaces"),
            ("monitoring", "componentId") => Id("Microsoft.Insights/components"),
            ("storage", "id") => Id("Microsoft.Storage/storageAccounts"),
            ("keyVault", "id") => Id("Microsoft.KeyVault/vaults"),
            ("alerts", "actionGroupId") => Id("Microsoft.Insights/actionGroups"),
            ("functionApp", "url") => "https://healthz.example/",
            _ => $"({module}.{name})",
        };

        string Id(string type) => resources.Single(resource => resource.Text("type") == type).Text("id");
    }

    public IReadOnlyList<JsonObject> Resources { get; }

    public JsonObject Outputs { get; }

    /// <summary>The values that could not be predicted.</summary>
    public IReadOnlyList<string> Diagnostics { get; }

    /// <summary>The app settings, with their values.</summary>
    public IReadOnlyDictionary<string, string> AppSettings => Single("Microsoft.Web/sites").Items("properties.siteConfig.appSettings")
        .ToDictionary(setting => setting.Text("name"), setting => setting.Text("value"));

    /// <summary>Predicts a deployment, once for the same parameters.</summary>
    /// <param name="parameters">Lines of a .bicepparam file; none for main.bicepparam itself.</param>
    public static Task<Deployment> PredictAsync(params string[] parameters) =>
        _predicted.GetOrAdd(string.Join('\n', parameters), _ => new Lazy<Task<Deployment>>(() => PredictNewAsync(parameters))).Value;

    /// <summary>Checks parameters that must be refused.</summary>
    /// <returns>The error.</returns>
    public static async Task<string> RefuseAsync(params string[] parameters)
    {
        using var infra = new InfraFolder();
        var file = Write(infra, parameters);
        var said = await BicepCompiler.RunAsync(
            infra.Path,
            "snapshot", file, "--mode", "overwrite", "--subscription-id",
            Subscription, "--resource-group", ResourceGroup, "--location", Location);
        Assert.False(File.Exists(infra.PathOf(Path.ChangeExtension(file, ".snapshot.json"))), "It was predicted.");
        return string.Join('\n', said);
    }

    public IEnumerable<JsonObject> Of(string type) => Resources.Where(resource => resource.Text("type") == type);

    public JsonObject Single(string type) => Assert.Single(Of(type));

    private static async Task<Deployment> PredictNewAsync(string[] parameters)
    {
        using var infra = new InfraFolder();
        var result = await BicepServer.CallAsync("bicep/getSnapshot", new JsonObject
        {
            ["path"] = infra.PathOf(Write(infra, parameters)),
            ["metadata"] = new JsonObject { ["subscriptionId"] = Subscription, ["resourceGroup"] = ResourceGroup, ["location"] = Location },
        });
        return new Deployment(JsonNode.Parse(result.Text("snapshot"))!.AsObject());
    }

    /// <summary>Writes the parameters into a file, if there are any.</summary>
    /// <returns>The file's name.</returns>
    private static string Write(InfraFolder infra, string[] parameters)
    {
        if (parameters.Length == 0)
        {
            return "main.bicepparam";
        }

        File.WriteAllLines(
            infra.PathOf("test.bicepparam"),
            ["using 'main.bicep'", "param environmentName = 'test'", "param alertEmails = ['ops@example.com']", .. parameters]);
        return "test.bicepparam";
    }
}
