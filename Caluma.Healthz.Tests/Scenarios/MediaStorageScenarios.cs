using Azure.Storage.Sas;
using Caluma.Healthz.Tests.Forms;
using Caluma.Healthz.Tests.Servers;
using static Caluma.Healthz.Tests.Scenarios.Scenario;

namespace Caluma.Healthz.Tests.Scenarios;

/// <summary>The recorded media storage was S3; here the same situations are on Azure Blob Storage.</summary>
[Slow]
public class MediaStorageScenarios(Services services)
{
    private const string MediaStorage = "media storage service";
    private const string NeverCreates = "the probe never creates the container";

    internal static readonly ScenarioTable Recorded =
    [
        new("storage-bucket-bad-name", Failing(MediaStorage))
        {
            Differs = Invalid,
            Because = "a wrong setting is found at start",
            Set = caluma => caluma.Settings["Healthz:MediaStorage:Container"] = "Bad_Name!",
        },
        new("storage-bucket-missing", Healthy)
        {
            Differs = Failing(MediaStorage),
            Because = NeverCreates,
            Reason = Reason.Missing,
            Set = NameMissingContainer,
        },
        new("storage-bucket-missing-autocreate-empty", Failing(MediaStorage)) { Reason = Reason.Missing, Set = NameMissingContainer },
        new("storage-bucket-missing-autocreate-false", Healthy)
        {
            Differs = Failing(MediaStorage),
            Because = NeverCreates,
            Reason = Reason.Missing,
            Set = NameMissingContainer,
        },
        new("storage-denied", Failing(MediaStorage))
        {
            // Azure answers AuthenticationFailed, and Azurite AuthorizationFailure.
            Reason = Reason.Permission,
            Arrange = async caluma =>
                caluma.SetMediaStorage((await caluma.Services.Azurite).ConnectionStringWith(Convert.ToBase64String("wrong"u8))),
        },
        new("storage-down", Failing(MediaStorage))
        {
            Reason = Reason.Connect,
            TestedBy = nameof(A_media_storage_that_goes_down_fails_until_it_is_back),
        },
        new("storage-down-from-start", Failing(MediaStorage))
        {
            Reason = Reason.Connect,
            Set = caluma => caluma.SetMediaStorage(At($"http://127.0.0.1:{caluma.ClosedPort}")),
        },
        new("storage-hang", null)
        {
            Differs = Failing(MediaStorage),
            Because = "a hang is a failure, in time",
            Reason = Reason.Timeout,
            Set = caluma => caluma.SetMediaStorage(At($"http://127.0.0.1:{caluma.HangingPort}")),
        },
        new("storage-https-false-string", Failing(MediaStorage))
        {
            Reason = Reason.Tls,
            Arrange = async caluma => caluma.SetMediaStorage(At($"https://127.0.0.1:{(await caluma.Services.Azurite).Port}")),
        },
        new("storage-not-configured", null)
        {
            Differs = Answer(200, ["media storage service (not configured)", .. DefaultTargets[1..]]),
            Because = "Caluma does not start",
            Set = caluma => RemoveMediaStorage(caluma, ""),
        },
        new("storage-not-configured-simulated", Answer(200, ["media storage service (not configured)", .. DefaultTargets[1..]]))
        {
            Set = caluma => RemoveMediaStorage(caluma, null),
        },
        new("storage-other-service", null)
        {
            Differs = Invalid,
            Because = "Caluma does not start; here, a wrong setting is found at start",
            Set = caluma => RemoveMediaStorage(caluma, "s3"),
        },
        new("storage-region-elsewhere", Healthy) { NotApplicable = "Azure Blobs have no region to ask for" },
        new("storage-unknown-access-key", Failing(MediaStorage))
        {
            // In Azure an account is a host name; Azurite answers ResourceNotFound.
            Reason = Reason.Missing,
            Arrange = async caluma =>
            {
                var known = (await caluma.Services.Azurite).ConnectionString;
                caluma.SetMediaStorage(known.Replace(AzuriteServer.AccountName, "nobody", StringComparison.Ordinal));
            },
        },
        new("storage-unresolvable-host", Failing(MediaStorage))
        {
            Reason = Reason.Dns,
            Set = caluma => caluma.SetMediaStorage(At("http://not-minio.invalid:9000")),
        },
        new("storage-write-denied", Failing(MediaStorage)) { Reason = Reason.Permission, Set = AllowReadingAlone },
    ];

    public static TheoryData<string> Arranged => Recorded.Arranged;

    [Theory]
    [MemberData(nameof(Arranged))]
    public Task The_probe_answers_as_Caluma_did_or_better(string scenario) => Arrangement.TestAsync(services, Recorded[scenario]);

    [Fact]
    public async Task A_media_storage_that_goes_down_fails_until_it_is_back()
    {
        await using var caluma = await Arrangement.CreateAsync(services);
        var azurite = caluma.Own(await AzuriteServer.StartNewAsync());
        caluma.SetMediaStorage(azurite.ConnectionString);
        caluma.Settings["Healthz:MediaStorage:Container"] = (await azurite.CreateContainerAsync()).Name;
        await using var probe = await caluma.StartProbeAsync();

        await Arrangement.AssertHealthyAsync(probe);
        await azurite.StopAsync();
        await Arrangement.AssertAsync(Recorded["storage-down"], probe);
        await azurite.StartAsync();
        await Arrangement.AssertHealthyAsync(probe);
    }

    private static string At(string address)
    {
        const string Account = AzuriteServer.AccountName;
        return $"AccountName={Account};AccountKey={Convert.ToBase64String("any"u8)};BlobEndpoint={address}/{Account};";
    }

    private static void NameMissingContainer(Arrangement caluma) => caluma.Settings["Healthz:MediaStorage:Container"] = "missing";

    private static void RemoveMediaStorage(Arrangement caluma, string? service)
    {
        caluma.Settings.Remove("Healthz:MediaStorage:ConnectionString");
        caluma.Settings.Remove("Healthz:MediaStorage:Container");
        caluma.Settings["MEDIA_STORAGE_SERVICE"] = service;
    }

    private static void AllowReadingAlone(Arrangement caluma)
    {
        var permitted = caluma.Container.GenerateSasUri(BlobContainerSasPermissions.Read, DateTimeOffset.UtcNow.AddHours(1));
        var service = permitted.GetLeftPart(UriPartial.Path)[..^(caluma.Container.Name.Length + 1)];
        caluma.SetMediaStorage($"BlobEndpoint={service};SharedAccessSignature={permitted.Query[1..]}");
    }

    [Slow]
    [Native]
    public sealed class Native(Services services) : MediaStorageScenarios(services);
}
