using System.Text.Json;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.Trends;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Notifications;

/// <summary>
/// Posts what is open to an Alertmanager with each run, as Prometheus does, and what has ended for a while: it takes what it knows for the
/// same, and leaves to whom it goes, and how often, to its own rules.
/// </summary>
internal sealed class Alertmanager(HealthzOptions options, NotificationPost post, DeliveryStore store, TimeProvider time, ILogger logger)
{
    public const string Channel = "alertmanager";

    private const int IntervalsUnheard = 4;

    /// <summary>As long as Prometheus goes on to tell what has ended.</summary>
    private static readonly TimeSpan _repeated = TimeSpan.FromMinutes(15);

    /// <summary>After so long without a word of the probe, Alertmanager takes an incident for resolved.</summary>
    private static readonly TimeSpan _unheard = TimeSpan.FromMinutes(15);

    private readonly Uri _address = new($"{options.Alertmanager!.AbsoluteUri.TrimEnd('/')}/api/v2/alerts");

    /// <param name="incidents">What is known, of the last day.</param>
    /// <param name="cancellationToken">Stops it; what was not told is told with the next run.</param>
    public async Task TellAsync(IReadOnlyList<Incident> incidents, CancellationToken cancellationToken)
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
                // What has ended before it could be told is told as open first: Alertmanager drops what it never knew.
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
        await store.SettleAsync(Channel, told, cancellationToken);
    }
}
