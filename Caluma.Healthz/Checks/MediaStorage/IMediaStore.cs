namespace Caluma.Healthz.Checks.MediaStorage;

/// <summary>The operations of a media storage, of any vendor.</summary>
internal interface IMediaStore
{
    /// <summary>The address that requests go to.</summary>
    Uri Address { get; }

    /// <summary>Creates an object; fails where one of this name exists.</summary>
    /// <returns>The version of the object; null where the store keeps no versions.</returns>
    Task<string?> UploadAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>The size of an object in bytes, as the store reports it.</summary>
    Task<long> GetSizeAsync(string name, CancellationToken cancellationToken);

    /// <summary>The content of an object, read no further than <paramref name="limit"/> bytes.</summary>
    Task<byte[]> DownloadAsync(string name, int limit, CancellationToken cancellationToken);

    /// <summary>Deletes an object, and its version where that is known. An object that does not exist is no error.</summary>
    /// <returns>False where a lock or the rights of the probe keep a version.</returns>
    Task<bool> DeleteAsync(string name, string? version, CancellationToken cancellationToken);

    /// <summary>
    /// Deletes the objects, with all their versions, whose name starts with <paramref name="prefix"/> and that were last changed before
    /// <paramref name="before"/>. It ends at the first one that it may not delete.
    /// </summary>
    Task SweepAsync(string prefix, DateTimeOffset before, CancellationToken cancellationToken);

    /// <inheritdoc cref="IProbe.ReasonFor"/>
    Reason ReasonFor(Exception exception);
}
