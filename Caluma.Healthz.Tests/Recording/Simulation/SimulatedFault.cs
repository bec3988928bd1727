namespace Caluma.Healthz.Tests.Recording.Simulation;

/// <summary>What becomes of a request.</summary>
/// <param name="Arrives">How long it takes to get there.</param>
/// <param name="Answers">How long its answer takes; null for one that never comes.</param>
/// <param name="Times">How many times it is done: none, once, or twice where a client sent it again because it got no answer.</param>
/// <param name="Exception">What the client throws; null for nothing.</param>
/// <param name="IsLate">Whether it takes longer than a client may wait.</param>
internal readonly record struct SimulatedFault(TimeSpan Arrives, TimeSpan? Answers, int Times, Exception? Exception, bool IsLate)
{
    public bool IsAny => Exception is not null || Times != 1 || Answers is null || IsLate;

    public override string ToString() => string.Join(", ", (string[])[
        Times switch { 0 => "not done", 1 => "done", _ => "done twice" },
        Exception is { } thrown ? $"fails: {thrown.Message}" : Answers is null ? "never answered" : IsLate ? "late" : "answered"]);
}
