namespace Caluma.Healthz.Servers;

/// <summary>A request to a blob service, as a <see cref="StorageProxy"/> sees it.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Container">The container it is about.</param>
/// <param name="Blob">The blob in it; empty where it is about the container.</param>
/// <param name="Operation">The <c>comp</c> of its query, such as <c>appendblock</c>; empty where it has none.</param>
internal sealed record StorageRequest(string Method, string Container, string Blob, string Operation)
{
    public bool IsAppend => Operation == "appendblock";

    public bool IsLease => Operation == "lease";

    /// <summary>Whether it writes this blob, and is no append.</summary>
    public bool Writes(string blob) => this is { Method: "PUT", Operation: "" } && Blob == blob;

    public bool Reads(string blob) => Method == "GET" && Blob == blob;

    /// <summary>Such as <c>PUT latest.json</c> or <c>PUT records/2026/11/22.jsonl appendblock</c>.</summary>
    public override string ToString() => $"{Method} {Blob} {Operation}".TrimEnd();
}
