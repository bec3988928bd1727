namespace Caluma.Healthz.Servers;

/// <summary>
/// How long tests wait for a condition. Generous, because it ends only failing tests, and a machine may be slow; longer than the minute and
/// a quarter after which an HTTP client closes a connection that it does not use
/// (https://learn.microsoft.com/dotnet/api/system.net.http.socketshttphandler.pooledconnectionidletimeout).
/// </summary>
internal static class Deadline
{
    public static readonly TimeSpan Default = TimeSpan.FromSeconds(180);

    /// <summary>
    /// The time between two polls, at first and later: what takes long need not be seen at once, and asking a server, or reading its whole
    /// log, a hundred times a second would slow down what is waited for.
    /// </summary>
    private static readonly (TimeSpan First, TimeSpan Max) _pollInterval = (TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(25));

    /// <summary>Polls until a condition holds.</summary>
    /// <param name="what">The condition, for the message of the failure.</param>
    /// <param name="condition">The condition, checked repeatedly.</param>
    /// <param name="details">Further details of the failure, such as a server's log.</param>
    /// <param name="within">How long, if what is waited for takes as long as <see cref="Default"/>.</param>
    public static async Task UntilAsync(
        string what, Func<Task<bool>> condition, Func<string>? details = null, TimeSpan? within = null)
    {
        using var deadline = new CancellationTokenSource(within ?? Default);
        var interval = _pollInterval.First;
        while (!await condition())
        {
            if (deadline.IsCancellationRequested)
            {
                throw Passed(what, details?.Invoke(), within);
            }

            await Task.Delay(interval, CancellationToken.None);
            interval = TimeSpan.FromTicks(Math.Min(interval.Ticks * 5 / 4, _pollInterval.Max.Ticks));
        }
    }

    /// <inheritdoc cref="UntilAsync(string, Func{Task{bool}}, Func{string}?, TimeSpan?)"/>
    public static Task UntilAsync(string what, Func<bool> condition, Func<string>? details = null, TimeSpan? within = null) =>
        UntilAsync(what, () => Task.FromResult(condition()), details, within);

    public static TimeoutException Passed(string what, string? details, TimeSpan? deadline = null) =>
        new($"Waited {(deadline ?? Default).TotalSeconds} s in vain: {what}.{(details is null ? "" : Environment.NewLine + details)}");
}
