using System.Text.Json.Serialization;

namespace Caluma.Healthz;

/// <summary>The five checks of Caluma 9.3.3, in the order in which the report lists them.</summary>
public enum Check
{
    /// <summary>An object can be uploaded to, inspected in, downloaded from and deleted from the media storage.</summary>
    [JsonStringEnumMemberName("media storage service")]
    MediaStorageService,

    /// <summary>A key can be set, read back and deleted in each cache.</summary>
    [JsonStringEnumMemberName("caches")]
    Caches,

    /// <summary>No migration that the configured Caluma release expects is unapplied in each database.</summary>
    [JsonStringEnumMemberName("database migrations")]
    DatabaseMigrations,

    /// <summary>A new connection to each database logs in and answers.</summary>
    [JsonStringEnumMemberName("databases")]
    Databases,

    /// <summary>A row of Caluma's access log can be created, read, updated and deleted in each database.</summary>
    [JsonStringEnumMemberName("database models")]
    DatabaseModels,
}
