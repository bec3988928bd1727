using System.Text.Json;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.Trends;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Notifications;

/// <summary>
/// Posts the open incidents to an Alertmanager with each run, and resolved ones for a while, as Prometheus does. Alertmanager deduplicates
/// them; its own rules decide who is notified and how often.
/// </summary>
internal sealed class Alertmanager(HealthzOptions options, NotificationPost post, DeliveryStore store, TimeProvider time, ILogger logger)
{
    public const string Channel = "alertmanager";

    private const int IntervalsUnheard = 4;

    /// <summary>Prometheus repeats resolved alerts for as long.</summary>
    private static readonly TimeSpan _repeated = TimeSpan.FromMinutes(15);

    /// <summary>Alertmanager resolves an incident after this time without a post.</summary>
    private static readonly TimeSpan _unheard = TimeSpan.FromMinutes(15);

    private readonly Uri _address = new($"{options.Alertmanager!.AbsoluteUri.TrimEnd('/')}/api/v2/alerts");

    /// <param name="incidents">The incidents of the last day.</param>
    /// <param name="cancellationToken">Cancels the posts; the next run repeats them.</param>
    public async Task NotifyAsync(IReadOnlyList<Incident> incidents, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var unheard = IntervalsUnheard * options.Schedule.Interval;
        var (alerts, moments) = (new List<AlertmanagerAlert>(), new List<(Incident, IncidentMoment)>());
        foreach (var incident in incidents)
        {
            var (first, last) = (incident.Timeline[0], incident.Timeline[^1]);
            var isTold = store.IsDone(Channel, incident, first);
            if (incident.Resolved is { } resolved && isTold)
            {
                if (resolved > now - _repeated || !store.IsDone(Channel, incident, last))
                {
                    alerts.Add(AlertmanagerAlert.Of(incident, resolved, options));
                    moments.Add((incident, last));
                }
            }
            else
            {
                // Alertmanager ignores the end of an incident that it does not know, so an incident is posted as open first.
                alerts.Add(AlertmanagerAlert.Of(incident, now + (unheard > _unheard ? unheard : _unheard), options));
                moments.Add((incident, first));
            }
        }

        if (alerts.Count == 0)
        {
            return;
        }

        var json = JsonSerializer.SerializeToUtf8Bytes(alerts, NotificationsJson.Default.ListAlertmanagerAlert);
        if (await post.SendAsync(_address, json, [], cancellationToken) is { } reason)
        {
            NotificationLog.Failed(logger, Channel, reason.Code(), alerts.Count);
            return;
        }

        var told = moments.Where(one => !store.IsDone(Channel, one.Item1, one.Item2)).ToList();
        told.ForEach(one => NotificationLog.Sent(logger, Channel, one.Item2.Event.Name(), one.Item1.Id));
        await store.MarkDeliveredAsync(Channel, told, cancellationToken);
    }
}
