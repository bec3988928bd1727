namespace Caluma.Healthz.Benchmarks.Rows;

/// <summary>A target that hangs when it is told to.</summary>
/// <param name="Name">What hangs, and how: <c>Redis silent</c>.</param>
/// <param name="Settings">What points the probe at it.</param>
/// <param name="Begin">Makes it hang.</param>
/// <param name="End">Ends the hang, and stops what is there for this target alone.</param>
/// <param name="PeerSetting">What the peer reads its address from; null where it has no check for it.</param>
internal sealed record Hang(
    string Name, IReadOnlyDictionary<string, string?> Settings, Action Begin, Func<ValueTask> End, string? PeerSetting = null)
    : IAsyncDisposable
{
    public ValueTask DisposeAsync() => End();
}
