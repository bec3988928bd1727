using Caluma.Healthz.Runs;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Caluma.Healthz.HealthChecks;

/// <summary>The health check of one check on one target. All of them share a run.</summary>
internal sealed class SharedHealthCheck(SharedRuns runs, CheckSet configured, Check check, string target) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var (report, _) = await runs.GetAsync(configured, cancellationToken);
        var result = report.Results.Single(result => result.Check == check && result.Target == target);
        return result.Ok
            ? HealthCheckResult.Healthy()
            : new HealthCheckResult(context.Registration.FailureStatus, result.Reason?.Code() ?? "the probe itself was too busy");
    }
}
