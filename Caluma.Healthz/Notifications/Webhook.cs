using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;
using Caluma.Healthz.Trends;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Notifications;

/// <summary>Posts each event of an incident to one address, in order, and retries until the receiver accepts it.</summary>
internal sealed class Webhook(HealthzOptions options, NotificationPost post, DeliveryStore store, TimeProvider time, ILogger logger)
{
    public const string Channel = "webhook";
    public const string SignatureHeader = "X-Healthz-Signature-256";
    public const string DeliveryHeader = "X-Healthz-Delivery";

    private static readonly TimeSpan[] _soon = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)];
    private static readonly TimeSpan _firstPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _maxPause = TimeSpan.FromMinutes(10);

    private readonly HashSet<(string Id, IncidentEvent Event, DateTimeOffset Tick)> _lost = [];
    private DateTimeOffset _next;
    private TimeSpan _pause = _firstPause;

    /// <param name="incidents">The incidents of the last two days.</param>
    /// <param name="tried">How old an event may be; older ones are given up.</param>
    /// <param name="cancellationToken">Cancels the posts; a later run repeats them.</param>
    public async Task NotifyAsync(IReadOnlyList<Incident> incidents, TimeSpan tried, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var pending = (
            from incident in incidents
            from moment in incident.Timeline
            where !store.IsDone(Channel, incident, moment) && !IsLost(incident, moment, now - tried)
            orderby moment.Tick
            select (Incident: incident, Moment: moment)).ToList();
        if (pending.Count == 0 || now < _next)
        {
            return;
        }

        // Keeps the order: later events wait for one that another process is delivering, and not for one that it has delivered.
        var free = await store.ClaimAsync(Channel, pending, cancellationToken);
        var held = pending.Except(free).Where(one => !store.IsDone(Channel, one.Incident, one.Moment))
            .Select(one => one.Incident.Id).ToHashSet();
        foreach (var (one, index) in free.Select((one, index) => (one, index)))
        {
            if (held.Contains(one.Incident.Id) || store.IsDone(Channel, one.Incident, one.Moment))
            {
                continue;
            }

            if (await TryAsync(one.Incident, one.Moment, cancellationToken) is { } reason)
            {
                (_next, _pause) = (time.GetUtcNow() + _pause, _pause * 2 < _maxPause ? _pause * 2 : _maxPause);
                NotificationLog.Failed(logger, Channel, reason.Code(), free.Count - index);
                return;
            }

            (_next, _pause) = (default, _firstPause);
            NotificationLog.Sent(logger, Channel, one.Moment.Event.Name(), one.Incident.Id);
            await store.MarkDeliveredAsync(Channel, [one], cancellationToken);
        }
    }

    /// <summary>The signature of a body, as GitHub signs its own: the HMAC-SHA256 of its bytes, in lower-case hexadecimal digits.</summary>
    internal static string Sign(byte[] json, string secret) =>
        $"sha256={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), json))}";

    private async Task<Reason?> TryAsync(Incident incident, IncidentMoment moment, CancellationToken cancellationToken)
    {
        var message = WebhookMessage.Of(incident, moment, options);
        var json = JsonSerializer.SerializeToUtf8Bytes(message, NotificationsJson.Default.WebhookMessage);
        var headers = new Dictionary<string, string>
        {
            [DeliveryHeader] = $"{incident.Id}/{moment.Event.Name()}/{UtcJsonConverter.Format(moment.Tick)}",
        };
        if (options.WebhookSecret is { } secret)
        {
            headers.Add(SignatureHeader, Sign(json, secret));
        }

        for (var attempt = 0; ; attempt++)
        {
            if (await post.SendAsync(options.Webhook!, json, headers, cancellationToken) is not { } reason)
            {
                return null;
            }

            if (attempt == _soon.Length)
            {
                return reason;
            }

            await Task.Delay(_soon[attempt], time, cancellationToken);
        }
    }

    private bool IsLost(Incident incident, IncidentMoment moment, DateTimeOffset first)
    {
        if (moment.Tick >= first)
        {
            return false;
        }

        if (incident.Opened >= first - TimeSpan.FromDays(1) && _lost.Add((incident.Id, moment.Event, moment.Tick)))
        {
            NotificationLog.Lost(logger, Channel, moment.Event.Name(), incident.Id);
        }

        return true;
    }
}
