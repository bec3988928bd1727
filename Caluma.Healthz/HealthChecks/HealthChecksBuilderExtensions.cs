using Caluma.Healthz.Checks;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.Runs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Caluma.Healthz.HealthChecks;

/// <summary>For ASP.NET Core applications that want Caluma's dependencies among their own health checks.</summary>
public static class HealthChecksBuilderExtensions
{
    /// <summary>
    /// Adds one registration per configured check and target, named <c>caluma databases default</c> and tagged <c>caluma</c> and
    /// <c>databases</c>. All that are evaluated together share one run. A failure's description is its reason code.
    /// <c>ENABLE_HEALTHZ_ENDPOINT</c> has no say here.
    /// </summary>
    /// <param name="builder">What <c>services.AddHealthChecks()</c> returned.</param>
    /// <param name="configuration">The settings that the README lists.</param>
    /// <exception cref="OptionsValidationException">Something is wrong with the settings; it lists all of it.</exception>
    public static IHealthChecksBuilder AddCalumaHealthz(this IHealthChecksBuilder builder, IConfiguration configuration)
    {
        var read = HealthzConfiguration.Read(configuration);
        if (read.Problems.Count > 0)
        {
            throw new OptionsValidationException(
                nameof(HealthzOptions), typeof(HealthzOptions), read.Problems.Select(problem => problem.ToString()));
        }

        builder.Services.AddHealthz(read);
        foreach (var (check, target) in CheckTargets.Of(read.Options))
        {
            builder.Add(new HealthCheckRegistration(
                $"caluma {check.Key()} {target}",
                provider => new SharedHealthCheck(provider.GetRequiredService<SharedRuns>(), read.Options.Checks, check, target),
                failureStatus: null,
                ["caluma", check.Token()]));
        }

        return builder;
    }
}
