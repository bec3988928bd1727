using StackExchange.Redis;

namespace Caluma.Healthz.Checks.Caches;

/// <summary>Connects to Redis, and fails as soon as the reason is known.</summary>
internal static class RedisConnections
{
    /// <summary>How long the client may take to log why it could not connect.</summary>
    private static readonly TimeSpan _logged = TimeSpan.FromSeconds(0.5);

    public static async Task<ConnectionMultiplexer> ConnectAsync(ConfigurationOptions options)
    {
        var log = new RedisConnectionLog(options);
        options.LoggerFactory = log;
        var connecting = ConnectionMultiplexer.ConnectAsync(options);

        // The client may not notice that all its connections have failed, and would wait for its timeout.
        await Task.WhenAny(connecting, log.Failure);
        if (connecting.IsCompletedSuccessfully)
        {
            return await connecting;
        }

        Discard(connecting);
        try
        {
            var failure = await log.Failure.WaitAsync(_logged);
            throw !options.Ssl && RedisFailure.ReasonFor(failure) is Reason.Connect
                && await RedisGreeting.ReadAsync(options.EndPoints) is { } refusal
                ? refusal
                : failure;
        }
        catch (TimeoutException) when (!log.TimeIsUp)
        {
            return await connecting;
        }
    }

    /// <summary>Closes a connection, now or as soon as it is made.</summary>
    public static void Discard(Task<ConnectionMultiplexer>? connection) =>
        connection?.ContinueWith(
            static completed =>
            {
                if (completed.IsCompletedSuccessfully)
                {
                    completed.Result.Dispose();
                }
                else
                {
                    _ = completed.Exception;
                }
            },
            TaskScheduler.Default);
}
