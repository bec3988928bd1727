using Caluma.Healthz.Configuration;
using Caluma.Healthz.Runs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Caluma.Healthz.HealthChecks;

/// <summary>Adds Caluma's dependencies to the health checks of an ASP.NET Core application.</summary>
public static class HealthChecksBuilderExtensions
{
    /// <summary>
    /// Adds a registration for each configured check and target, such as <c>caluma databases default</c> with the tags <c>caluma</c> and
    /// <c>databases</c>. Health checks that are evaluated together share one run. The description of a failure is its reason code.
    /// <c>ENABLE_HEALTHZ_ENDPOINT</c> has no effect here.
    /// </summary>
    /// <param name="builder">The builder that <c>services.AddHealthChecks()</c> returned.</param>
    /// <param name="configuration">The settings that docs/reference.md lists.</param>
    /// <exception cref="OptionsValidationException">The settings are invalid; the exception lists all their problems.</exception>
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
