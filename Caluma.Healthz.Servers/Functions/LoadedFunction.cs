using System.Text.Json.Nodes;
using Caluma.Healthz.Servers.Functions.Protocol;

namespace Caluma.Healthz.Servers.Functions;

/// <summary>A function as the worker describes it.</summary>
/// <param name="Metadata">Its description.</param>
internal sealed record LoadedFunction(RpcFunctionMetadata Metadata)
{
    private readonly JsonObject _trigger = Metadata.RawBindings
        .Select(binding => JsonNode.Parse(binding)!.AsObject())
        .Single(binding => ((string)binding["type"]!).EndsWith("Trigger", StringComparison.OrdinalIgnoreCase));

    public string Name => Metadata.Name;

    /// <summary>The type of the trigger, such as <c>httpTrigger</c>.</summary>
    public string Type => (string)_trigger["type"]!;

    /// <summary>The name of the parameter.</summary>
    public string Parameter => (string)_trigger["name"]!;

    /// <summary>The route of an HTTP trigger; the default is the name of the function.</summary>
    public string Route => (string?)_trigger["route"] ?? Name;

    /// <summary>The methods of an HTTP trigger, in capitals; empty for all.</summary>
    public IReadOnlyList<string> Methods =>
        [.. _trigger["methods"]?.AsArray().Select(method => ((string)method!).ToUpperInvariant()) ?? []];

    /// <summary>The authorization level of an HTTP trigger; the default requires a key.</summary>
    public string AuthLevel => (string?)_trigger["authLevel"] ?? "Function";

    /// <summary>The schedule of a timer trigger.</summary>
    public string Schedule => (string)_trigger["schedule"]!;

    public bool IsHttp => Type == "httpTrigger";

    public bool IsTimer => Type == "timerTrigger";

    public bool Answers(string method) => Methods.Count == 0 || Methods.Contains(method);
}
