using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;
using Caluma.Healthz.Trends;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Notifications;

/// <summary>
/// Sends incidents to the configured channels after each recorded run, at most until the next run. A delivery that fails is repeated with
/// later runs.
/// </summary>
internal sealed class IncidentNotifier : IDisposable
{
    /// <summary>A delivery is given up when it is this old.</summary>
    private static readonly TimeSpan _tried = TimeSpan.FromDays(1);

    private static readonly TimeSpan _maxTime = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan _minTime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _beforeNextTick = TimeSpan.FromSeconds(0.5);

    private readonly HealthzOptions _options;
    private readonly TimeProvider _time;
    private readonly NotificationPost _post;
    private readonly DeliveryStore _store;
    private readonly List<(string Name, Func<IReadOnlyList<Incident>, CancellationToken, Task> NotifyAsync)> _channels = [];

    /// <summary>The first run of this process.</summary>
    private DateTimeOffset? _first;

    /// <param name="options">The channels.</param>
    /// <param name="documents">Where deliveries are kept.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Gets what was delivered and what was not.</param>
    /// <param name="handler">Sends the posts; null for the network.</param>
    public IncidentNotifier(
        HealthzOptions options, DocumentStore documents, TimeProvider time, ILogger<IncidentNotifier> logger,
        HttpMessageHandler? handler = null)
    {
        (_options, _time) = (options, time);
        _store = new DeliveryStore(documents, time, logger);
        _post = new NotificationPost(time, logger, handler);
        if (options.Alertmanager is not null)
        {
            var alertmanager = new Alertmanager(options, _post, _store, time, logger);
            _channels.Add((Alertmanager.Channel, (incidents, stop) => alertmanager.NotifyAsync(Since(_tried, incidents), stop)));
        }

        if (options.Webhook is not null)
        {
            var webhook = new Webhook(options, _post, _store, time, logger);
            _channels.Add((Webhook.Channel, (incidents, stop) => webhook.NotifyAsync(incidents, _tried, stop)));
        }
    }

    /// <param name="incidents">All incidents that are known after a run; null where they are not known.</param>
    /// <param name="tick">The run.</param>
    /// <param name="cancellationToken">Cancels the deliveries; the next process repeats them.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public async Task NotifyAsync(IReadOnlyList<Incident>? incidents, DateTimeOffset tick, CancellationToken cancellationToken)
    {
        // Where the storage fails at first, incidents may be over by the time that they are known.
        var first = _first ??= tick;
        if (_channels.Count == 0 || incidents is null)
        {
            return;
        }

        // Twice as long as they are tried, so that the log names the events that are given up.
        var recent = Since(_tried * 2, incidents);
        if (_store.IsRead && recent.Count == 0)
        {
            return;
        }

        // A channel that hangs must not delay the others.
        var share = TimeLeft() / _channels.Count;
        List<string> names = [.. _channels.Select(channel => channel.Name)];
        foreach (var (_, notifyAsync) in _channels)
        {
            await WithinAsync(
                share,
                async stop =>
                {
                    await _store.LoadAsync(names, incidents, first, stop);
                    await notifyAsync(recent, stop);
                },
                cancellationToken);
        }
    }

    public void Dispose() => _post.Dispose();

    private async Task WithinAsync(TimeSpan time, Func<CancellationToken, Task> notifyAsync, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(time, _time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            await notifyAsync(stop.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The next run is due, and repeats what is missing.
        }
    }

    private List<Incident> Since(TimeSpan time, IReadOnlyList<Incident> incidents)
    {
        var first = _time.GetUtcNow() - time;
        return [.. incidents.Where(incident => incident.Timeline.Count > 0 && !(incident.Resolved < first))];
    }

    private TimeSpan TimeLeft()
    {
        var now = _time.GetUtcNow();
        var left = _options.Schedule.Next(now) - now - _beforeNextTick;
        return left < _minTime ? _minTime : left > _maxTime ? _maxTime : left;
    }
}
