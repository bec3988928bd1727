namespace Caluma.Healthz.Servers;

/// <summary>A request to a blob service.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Container">The container.</param>
/// <param name="Blob">The blob; empty for a request about the container.</param>
/// <param name="Operation">The <c>comp</c> of its query, such as <c>appendblock</c>; empty for none.</param>
internal sealed record StorageRequest(string Method, string Container, string Blob, string Operation)
{
    /// <summary>The prefix of the names that it lists; empty where it lists all names, or is no listing.</summary>
    public string Prefix { get; init; } = "";

    public bool IsAppend => Operation == "appendblock";

    public bool IsLease => Operation == "lease";

    /// <summary>Whether the request writes this blob and is no append.</summary>
    public bool Writes(string blob) => this is { Method: "PUT", Operation: "" } && Blob == blob;

    public bool Reads(string blob) => Method == "GET" && Blob == blob;

    /// <summary>A text such as <c>PUT latest.json</c> or <c>PUT records/2026/11/22.jsonl appendblock</c>.</summary>
    public override string ToString() => $"{Method} {Blob} {Operation}".TrimEnd();
}
