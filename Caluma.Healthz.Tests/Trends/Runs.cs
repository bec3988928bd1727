using Caluma.Healthz.History;

namespace Caluma.Healthz.Tests.Trends;

/// <summary>Writes single runs, where a <see cref="Story"/> has no word for them.</summary>
internal static class Runs
{
    public static CheckRecord Failed(Check check, string target, Reason reason = Reason.Connect) =>
        new(check, target, Ok: false, 10, reason);

    public static CheckRecord Passed(Check check, string target) => new(check, target, Ok: true, 10);

    /// <param name="time">As in <see cref="Story.At"/>.</param>
    /// <param name="checks">The verdicts.</param>
    public static RunRecord At(string time, params IReadOnlyList<CheckRecord> checks) => At(Story.At(time), checks);

    public static RunRecord At(DateTimeOffset tick, IReadOnlyList<CheckRecord> checks) => new(
        tick, tick, 10, checks.All(check => check.Ok), Late: false, Maintenance: false, "test", "a", checks);
}
