using Caluma.Healthz.Tests.Deployments;
using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.Checks.MediaStorage;

/// <summary>A bucket in Caluma's own settings, and a probe of it alone.</summary>
internal sealed class ProbedBucket : IAsyncDisposable
{
    private const string Target = "media storage service/default: ";

    private readonly CalumaDeployment _deployment;

    private ProbedBucket(CalumaDeployment deployment, RunningProbe probe)
    {
        _deployment = deployment;
        Probe = probe;
    }

    public RunningProbe Probe { get; }

    public static async Task<ProbedBucket> StartAsync(
        Services services, S3Server server, string bucket, Uri? endpoint = null, string? region = null)
    {
        var at = endpoint ?? server.Endpoint;
        var deployment = await CalumaDeployment.CreateAsync(services);
        deployment.Settings.Remove("Healthz:MediaStorage:ConnectionString");
        deployment.Settings.Remove("Healthz:MediaStorage:Container");
        deployment.Settings["MEDIA_STORAGE_SERVICE"] = "minio";
        deployment.Settings["MINIO_STORAGE_ENDPOINT"] = at.Authority;
        deployment.Settings["MINIO_STORAGE_USE_HTTPS"] = "";
        deployment.Settings["MINIO_STORAGE_ACCESS_KEY"] = server.AccessKey;
        deployment.Settings["MINIO_STORAGE_SECRET_KEY"] = server.SecretKey;
        deployment.Settings["MINIO_STORAGE_MEDIA_BUCKET_NAME"] = bucket;
        if (region is not null)
        {
            deployment.Settings["MINIO_STORAGE_REGION_NAME"] = region;
        }

        return new ProbedBucket(deployment, await deployment.StartProbeAsync());
    }

    /// <returns>Null where the check passes.</returns>
    public async Task<string?> ReasonAsync()
    {
        Probe.Log.Clear();
        await Probe.ReportAsync("?check=media-storage-service");
        return Probe.Reasons().SingleOrDefault()?[Target.Length..];
    }

    public async ValueTask DisposeAsync()
    {
        await Probe.DisposeAsync();
        await _deployment.DisposeAsync();
    }
}
