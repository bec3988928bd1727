namespace Caluma.Healthz.Checks.MediaStorage;

/// <summary>What the probe asks of a media storage, whoever makes it.</summary>
internal interface IMediaStore
{
    /// <summary>Creates an object; fails where one of this name exists.</summary>
    Task UploadAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>The size in bytes that the store has noted for an object.</summary>
    Task<long> GetSizeAsync(string name, CancellationToken cancellationToken);

    /// <summary>The content of an object, read no further than <paramref name="limit"/> bytes.</summary>
    Task<byte[]> DownloadAsync(string name, int limit, CancellationToken cancellationToken);

    /// <summary>Deletes an object; no error where there is none.</summary>
    Task DeleteAsync(string name, CancellationToken cancellationToken);

    /// <summary>The objects whose name starts with <paramref name="prefix"/> and that were last changed before <paramref name="before"/>.</summary>
    IAsyncEnumerable<string> ListAsync(string prefix, DateTimeOffset before, CancellationToken cancellationToken);

    /// <inheritdoc cref="IProbe.ReasonFor"/>
    Reason ReasonFor(Exception exception);
}
