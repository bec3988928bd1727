namespace Caluma.Healthz.Configuration;

/// <summary>Reads Caluma's own <c>MEDIA_STORAGE_SERVICE</c> and <c>MINIO_*</c>.</summary>
/// <remarks>The defaults are those of https://github.com/projectcaluma/caluma/blob/v9.3.3/caluma/settings/caluma.py.</remarks>
internal static class MinioSettings
{
    private const string Service = "MEDIA_STORAGE_SERVICE";
    private const string Endpoint = "MINIO_STORAGE_ENDPOINT";
    private const string AccessKey = "MINIO_STORAGE_ACCESS_KEY";
    private const string SecretKey = "MINIO_STORAGE_SECRET_KEY";
    private const string UseHttps = "MINIO_STORAGE_USE_HTTPS";
    private const string Region = "MINIO_STORAGE_REGION_NAME";
    private const string Bucket = "MINIO_STORAGE_MEDIA_BUCKET_NAME";
    private const string DisableCertificateChecks = "MINIO_DISABLE_CERT_CHECKS";

    private static readonly string[] _all = [Service, Endpoint, AccessKey, SecretKey, UseHttps, Region, Bucket, DisableCertificateChecks];

    public static void Read(SettingsReader settings, HealthzOptions options)
    {
        var sources = _all.Where(settings.IsSet).ToList();
        var service = settings.Caluma.Value(Service);
        if (sources.Count == 0 || service is "" || !options.Checks.Contains(Check.MediaStorageService))
        {
            settings.Show("media storage", "not configured");
            return;
        }

        if (service is not (null or "minio"))
        {
            settings.Problem(
                Service,
                $"is \"{SettingsReader.Printable(service)}\", which the probe does not know",
                "minio, nothing, or the storage in Healthz__MediaStorage__ConnectionString or __ServiceUri");
            return;
        }

        var endpoint = settings.Caluma.Value(Endpoint, "minio:9000");
        var https = settings.Flag(UseHttps);
        if (settings.Caluma.StrippedValue(UseHttps) is { Length: > 0 } && !https)
        {
            settings.Remark($"{UseHttps} is read as no; Caluma 9.3.3 itself takes any text for yes");
        }

        if (endpoint.Contains("://", StringComparison.Ordinal)
            || !Uri.TryCreate($"{(https ? "https" : "http")}://{endpoint}", UriKind.Absolute, out var address)
            || !HostName.IsIn(address) || address.PathAndQuery != "/" || address.UserInfo.Length > 0)
        {
            settings.Problem(Endpoint, "is not a host and port", "one such as minio:9000, without a scheme");
            return;
        }

        var bucket = settings.Caluma.Value(Bucket, "caluma-media");
        options.MediaStorage = new S3StorageOptions
        {
            Endpoint = address,
            AccessKey = settings.Caluma.Value(AccessKey, "minio"),
            SecretKey = settings.Caluma.Value(SecretKey, "minio123"),
            Region = settings.Caluma.Value(Region) is { Length: > 0 } region ? region : null,
            Bucket = bucket,
            TrustAnyCertificate = TrustsAnyCertificate(settings),
        };
        settings.Show("media storage", $"{address.GetLeftPart(UriPartial.Authority)} bucket {bucket}", sources);
    }

    /// <remarks>As in https://github.com/projectcaluma/caluma/blob/v9.3.3/caluma/caluma_form/storage_clients.py.</remarks>
    private static bool TrustsAnyCertificate(SettingsReader settings)
    {
        var isAsked = settings.Flag(DisableCertificateChecks);
        if (isAsked && !settings.Caluma.Debug)
        {
            settings.Remark($"{DisableCertificateChecks} counts only together with DEBUG, as in Caluma: certificates are checked");
        }

        return isAsked && settings.Caluma.Debug;
    }
}
