namespace Caluma.Healthz.History;

/// <summary>A log or a document, as it is listed.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Length">Its length in bytes.</param>
internal sealed record StoredItem(string Name, long Length);
