using Caluma.Healthz.History;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Benchmarks.Alerts;

/// <summary>A change of a profile that a rule must see.</summary>
/// <param name="Name">The name of the change.</param>
/// <param name="Profile">The profile before the change.</param>
/// <param name="Rule">The rule that must see it.</param>
/// <param name="MaxHours">The hours within which the rule must see it in most cases.</param>
/// <param name="Change">Changes a run, given the time since the change.</param>
internal sealed record TrueChange(
    string Name, Profile Profile, AlertRule Rule, double MaxHours, Func<CheckRecord, TimeSpan, CheckRecord> Change)
{
    private const double DaysBefore = 9;

    private const double StepTimes = 2.5;
    private const double GrowthMs = 300;
    private const double BaseMs = 60;

    public static IReadOnlyList<TrueChange> All { get; } =
    [
        Step(new("flat")),
        Step(new("business 3x") { Load = Profiles.Business(3) }),
        Step(new("business 3x, little noise") { Load = Profiles.Business(3), Noise = Noise.LogNormal(0.4) }),
        Step(new(
            "business 3x, little noise, 5 min") { Load = Profiles.Business(3), Noise = Noise.LogNormal(0.4), Schedule = "0 */5 * * * *" }),
        Step(new("business 3x, little noise, 15 min") { Load = Profiles.Business(3),
            Noise = Noise.LogNormal(0.4), Schedule = "0 */15 * * * *" }),
        Step(new("flat, little noise, 15 min") { Noise = Noise.LogNormal(0.4), Schedule = "0 */15 * * * *" }),
        Step(new("flat, 5 min") { Schedule = "0 */5 * * * *" }),
        Step(new("flat, 15 min") { Schedule = "0 */15 * * * *" }, maxHours: 8),
        Step(new("business 3x, 15 min") { Load = Profiles.Business(3), Schedule = "0 */15 * * * *" }, maxHours: 8),
        Step(new("flat, 5 s") { Schedule = "*/5 * * * * *" }),
        Step(new("business 3x, 5 min") { Load = Profiles.Business(3), Schedule = "0 */5 * * * *" }),
        Step(new("flat, little noise, 30 min") { Noise = Noise.LogNormal(0.4), Schedule = "0 */30 * * * *" }, maxHours: 8),
        Growth(new("flat") { Noise = Noise.LogNormal(0.3) }),
        Growth(new("business 3x") { Load = Profiles.Business(3), Noise = Noise.LogNormal(0.3) }),
        Growth(new("business 3x, 15 min") { Load = Profiles.Business(3), Noise = Noise.LogNormal(0.3), Schedule = "0 */15 * * * *" }),
    ];

    /// <summary>The time until the rule sees the change, for a seed; null where it does not within twice the allowed time.</summary>
    public TimeSpan? Delay(int seed)
    {
        var days = 1 + (MaxHours / 6);
        var at = Profile.Start.AddDays(DaysBefore).AddMinutes(new Random(seed).Next(24 * 60));
        var (engine, state) = (new AlertEngine(Profile.Options), new TrendState());
        foreach (var run in Profile.Runs(seed, DaysBefore + days))
        {
            var changed = run.Tick < at ? run : run with { Checks = [.. run.Checks.Select(check => Change(check, run.Tick - at))] };
            var seen = engine.Evaluate(state, changed).Alerts.Exists(change => change.Rule == Rule && change.Resolved is null);
            if (seen && run.Tick >= at)
            {
                return run.Tick - at;
            }
        }

        return null;
    }

    /// <param name="profile">What is usual before.</param>
    /// <param name="maxHours">The goal is 6; where runs are few and scatter, docs/rules.md says why it takes longer.</param>
    private static TrueChange Step(Profile profile, double maxHours = 6) => new(
        $"step of 2.5x, {profile.Name}",
        profile with { BaseMs = BaseMs },
        AlertRule.LatencyDrift,
        maxHours,
        (check, _) => check with { Ms = Math.Min(check.Ms * StepTimes, 4999) });

    /// <summary>A p95 reaches the timeout of 5 s after at most 16 days, and must be seen three days before.</summary>
    private static TrueChange Growth(Profile profile) => new(
        $"300 ms a day, {profile.Name}",
        profile with { BaseMs = BaseMs },
        AlertRule.TimeoutForecast,
        MaxHours: ((5000 - (3 * 2 * BaseMs)) / GrowthMs * 24) - (3 * 24),
        (check, since) => check with { Ms = Math.Min(check.Ms + (GrowthMs * since.TotalDays), 4999) });
}
