namespace Caluma.Healthz.Configuration;

/// <summary>Reads <c>Healthz__MediaStorage__*</c> or else Caluma's own settings of its media storage.</summary>
internal static class MediaStorageSettings
{
    private const string Section = "Healthz__MediaStorage";

    public static void Read(SettingsReader settings, HealthzOptions options)
    {
        settings.RefuseUnknown(Section, ["ConnectionString", "ServiceUri", "Container"]);
        var blobs = new BlobStorageSettings(settings, Section, "media storage");
        options.MediaStorage = blobs.Read("caluma-media");
        if (!blobs.IsSet)
        {
            MinioSettings.Read(settings, options);
        }
    }
}
