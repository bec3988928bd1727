namespace Caluma.Healthz.Checks.MediaStorage;

/// <summary>What the probe asks of a media storage, whoever makes it.</summary>
internal interface IMediaStore
{
    /// <summary>Creates an object; fails where one of this name exists.</summary>
    /// <returns>Which version of the object it is; null where the store keeps no versions.</returns>
    Task<string?> UploadAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>The size in bytes that the store has noted for an object.</summary>
    Task<long> GetSizeAsync(string name, CancellationToken cancellationToken);

    /// <summary>The content of an object, read no further than <paramref name="limit"/> bytes.</summary>
    Task<byte[]> DownloadAsync(string name, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Deletes an object, for good where its version is known and a lock or the rights do not forbid that; no error where there is none.
    /// </summary>
    /// <returns>Whether nothing is left of it.</returns>
    Task<bool> DeleteAsync(string name, string? version, CancellationToken cancellationToken);

    /// <summary>
    /// Deletes the objects, and where the store keeps versions all of these, whose name starts with <paramref name="prefix"/> and that were
    /// last changed before <paramref name="before"/>. It ends with the first that it may not delete.
    /// </summary>
    Task SweepAsync(string prefix, DateTimeOffset before, CancellationToken cancellationToken);

    /// <inheritdoc cref="IProbe.ReasonFor"/>
    Reason ReasonFor(Exception exception);
}
