using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Configuration;

/// <summary>The events at the start of a process. Alert rules key on their names.</summary>
internal static partial class ConfigurationLog
{
    /// <summary>Logs all configuration problems in one event; logs the remarks where there are no problems.</summary>
    public static void Write(ILogger logger, HealthzConfiguration configuration)
    {
        if (!configuration.Options.Enabled)
        {
            Disabled(logger);
            return;
        }

        if (configuration.Problems is { Count: > 0 } problems)
        {
            Invalid(logger, problems.Count, string.Join(Environment.NewLine, problems));
        }

        foreach (var remark in configuration.Remarks)
        {
            Remark(logger, remark);
        }
    }

    [LoggerMessage(EventId = EventIds.ConfigurationInvalid, EventName = "HealthzConfigurationInvalid", Level = LogLevel.Critical,
        Message = "HealthzConfigurationInvalid count={Count} problems={Problems}")]
    private static partial void Invalid(ILogger logger, int count, string problems);

    [LoggerMessage(EventId = EventIds.ConfigurationRemark, EventName = "HealthzConfigurationRemark", Level = LogLevel.Information,
        Message = "HealthzConfigurationRemark remark={Remark}")]
    private static partial void Remark(ILogger logger, string remark);

    [LoggerMessage(EventId = EventIds.Disabled, EventName = "HealthzDisabled", Level = LogLevel.Information,
        Message = "HealthzDisabled every route answers 404 until ENABLE_HEALTHZ_ENDPOINT is true")]
    private static partial void Disabled(ILogger logger);
}
