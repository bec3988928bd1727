namespace Caluma.Healthz.Trends;

/// <summary>The names of rules and severities in events, answers and pages.</summary>
internal static class AlertRuleNames
{
    /// <summary>A lower-case name, such as <c>burn-fast</c>.</summary>
    public static string Name(this AlertRule rule) => rule switch
    {
        AlertRule.Unavailable => "unavailable",
        AlertRule.BurnFast => "burn-fast",
        AlertRule.BurnSlow => "burn-slow",
        AlertRule.BurnTicket => "burn-ticket",
        AlertRule.LatencyDrift => "latency-drift",
        AlertRule.TimeoutForecast => "timeout-forecast",
        AlertRule.Flapping => "flapping",
        AlertRule.MissingData => "missing-data",
        _ => throw new ArgumentOutOfRangeException(nameof(rule), rule, null),
    };

    /// <summary>The rule with a name; null where the name is unknown.</summary>
    public static AlertRule? Find(string name)
    {
        foreach (var rule in Enum.GetValues<AlertRule>())
        {
            if (rule.Name() == name)
            {
                return rule;
            }
        }

        return null;
    }

    /// <summary>The severity of a rule.</summary>
    public static Severity Severity(this AlertRule rule) =>
        rule is AlertRule.Unavailable or AlertRule.BurnFast or AlertRule.BurnSlow or AlertRule.MissingData
            ? Trends.Severity.Critical
            : Trends.Severity.Warning;

    /// <summary><c>critical</c> or <c>warning</c>.</summary>
    public static string Name(this Severity severity) => severity == Trends.Severity.Critical ? "critical" : "warning";
}
