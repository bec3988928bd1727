namespace Caluma.Healthz.Servers;

/// <summary>How long the tests wait for anything before they call it broken. Generous: it only ever ends a failing test.</summary>
internal static class Deadline
{
    public static readonly TimeSpan Default = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan _pollInterval = TimeSpan.FromMilliseconds(10);

    /// <summary>Waits until a condition holds that cannot be subscribed to.</summary>
    /// <param name="what">What is waited for, for the message of the failure.</param>
    /// <param name="condition">Asked again and again.</param>
    /// <param name="details">What the failure shows besides, such as a server's log.</param>
    public static async Task UntilAsync(string what, Func<Task<bool>> condition, Func<string>? details = null)
    {
        using var deadline = new CancellationTokenSource(Default);
        while (!await condition())
        {
            if (deadline.IsCancellationRequested)
            {
                throw Passed(what, details?.Invoke());
            }

            await Task.Delay(_pollInterval, CancellationToken.None);
        }
    }

    /// <inheritdoc cref="UntilAsync(string, Func{Task{bool}}, Func{string}?)"/>
    public static Task UntilAsync(string what, Func<bool> condition, Func<string>? details = null) =>
        UntilAsync(what, () => Task.FromResult(condition()), details);

    public static TimeoutException Passed(string what, string? details, TimeSpan? deadline = null) =>
        new($"Waited {(deadline ?? Default).TotalSeconds} s in vain: {what}.{(details is null ? "" : Environment.NewLine + details)}");
}
