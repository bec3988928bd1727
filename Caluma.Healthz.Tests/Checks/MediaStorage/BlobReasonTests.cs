using Caluma.Healthz.Checks.MediaStorage;
using Caluma.Healthz.Tests.Checks.Faults;
using Caluma.Healthz.Tests.Deployments;
using Caluma.Healthz.Tests.Forms;
using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.Checks.MediaStorage;

/// <summary>The error codes of Azure Blob Storage, sent by a proxy in front of an Azurite.</summary>
[Slow]
public class BlobReasonTests(Services services)
{
    [Fact]
    public void The_documented_table_is_that_of_the_code() => Assert.Equal(BlobErrors.Table, ReasonTable.Of("Azure Blob Storage"));

    [Fact]
    [Holds(ProbedSystem.Blobs, SystemFault.ReadOnly, SystemFault.Overloaded)]
    public async Task An_error_code_of_the_storage_has_its_reason()
    {
        await using var proxy = await StorageProxy.StartAsync(await services.Azurite);
        await using var deployment = await CalumaDeployment.CreateAsync(services);
        deployment.Settings["Healthz:MediaStorage:ConnectionString"] = proxy.ConnectionString;
        await using var probe = await deployment.StartProbeAsync();
        var found = new List<(string, string?)>();
        foreach (var (code, reason) in BlobErrors.Table)
        {
            foreach (var method in new[] { "PUT", "HEAD", "GET" })
            {
                proxy.Fault = request => request.Method == method ? StorageFault.Refuse(400, code) : null;
                if (await ReasonAsync(probe) is var actual && actual != reason.Code())
                {
                    found.Add(($"{method}: {code}", actual));
                }
            }
        }

        Assert.Empty(found);
    }

    [Theory]
    [InlineData(409, "BlobImmutableDueToPolicy", null)]
    [InlineData(409, "BlobImmutableDueToLegalHold", null)]
    [InlineData(403, "AuthorizationPermissionMismatch", "permission")]
    [InlineData(412, "LeaseIdMissing", "busy")]
    public async Task A_blob_that_may_not_be_deleted_is_a_failure_unless_a_policy_keeps_it(int status, string code, string? reason)
    {
        await using var proxy = await StorageProxy.StartAsync(await services.Azurite);
        proxy.Fault = request => request.Method == "DELETE" ? StorageFault.Refuse(status, code) : null;
        await using var deployment = await CalumaDeployment.CreateAsync(services);
        deployment.Settings["Healthz:MediaStorage:ConnectionString"] = proxy.ConnectionString;
        await using var probe = await deployment.StartProbeAsync();

        Assert.Equal(reason, await ReasonAsync(probe));
        Assert.Equal(reason is null ? 1 : 0, probe.Log.GetSnapshot().Count(record => record.Id.Name == "HealthzObjectKept"));
        Assert.Equal(reason, await ReasonAsync(probe));
        Assert.DoesNotContain(probe.Log.GetSnapshot(), record => record.Id.Name == "HealthzObjectKept");
    }

    /// <returns>Null where the check passes.</returns>
    private static async Task<string?> ReasonAsync(RunningProbe probe)
    {
        probe.Log.Clear();
        await probe.ReportAsync("?check=media-storage-service");
        return probe.ReasonCodes().SingleOrDefault();
    }

    [Slow]
    [Native]
    public sealed class Native(Services services) : BlobReasonTests(services);
}
