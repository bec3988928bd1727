using Azure;
using Caluma.Healthz.History;
using Caluma.Healthz.Trends;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Notifications;

/// <summary>
/// Stores the deliveries beside the history, by compare-and-swap. Deliveries go on while the storage is down; then only this process knows
/// of them.
/// </summary>
internal sealed class DeliveryStore(DocumentStore documents, TimeProvider time, ILogger logger)
{
    /// <summary>
    /// Longer than any delivery is retried. Deliveries of known incidents are kept longer: an incident may be open for
    /// weeks.
    /// </summary>
    private static readonly TimeSpan _kept = TimeSpan.FromDays(2);

    /// <summary>Longer than one delivery takes, including its retries.</summary>
    private static readonly TimeSpan _held = TimeSpan.FromMinutes(1);

    private readonly string _holder = Guid.NewGuid().ToString("N");
    private HashSet<string> _known = [];
    private DeliveryDocument _document = new();
    private ETag? _version;

    /// <summary>Whether the deliveries were read, and no other process has written them since.</summary>
    public bool IsRead { get; private set; }

    /// <summary>Reads the deliveries, once. Where there are none, it writes the document, so that later events count as new.</summary>
    /// <param name="channels">The names of the channels.</param>
    /// <param name="incidents">The known incidents.</param>
    /// <param name="first">Where there are no deliveries yet, incidents that were over before this are not delivered.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task LoadAsync(
        IReadOnlyList<string> channels, IReadOnlyList<Incident> incidents, DateTimeOffset first, CancellationToken cancellationToken)
    {
        _known = [.. incidents.Select(incident => incident.Id)];
        if (!IsRead)
        {
            var isNew = false;
            await ReadAsync(
                () =>
                {
                    isNew = true;
                    return New(channels, incidents, first);
                },
                cancellationToken);
            if (isNew && !await SaveAsync(cancellationToken))
            {
                // Another process has written the first document meanwhile, and may have claimed the events in it.
                await ReadAsync(() => new DeliveryDocument(), cancellationToken);
            }
        }
    }

    /// <summary>Whether the channel has got the event.</summary>
    public bool IsDone(string channel, Incident incident, IncidentMoment moment) => Find(channel, incident, moment) is { IsDone: true };

    /// <summary>Claims events, so that no other process delivers them for a while.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="moments">The events.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The claimed events. Events that another process delivers or has delivered are left out.</returns>
    public async Task<IReadOnlyList<(Incident Incident, IncidentMoment Moment)>> ClaimAsync(
        string channel, IReadOnlyList<(Incident Incident, IncidentMoment Moment)> moments, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < 3; attempt++)
        {
            var free = moments.Where(one => IsFree(channel, one.Incident, one.Moment)).ToList();
            if (free.Count == 0)
            {
                return [];
            }

            foreach (var (incident, moment) in free)
            {
                var delivery = Find(channel, incident, moment) ?? Add(channel, incident, moment);
                (delivery.Holder, delivery.HeldUntil) = (_holder, time.GetUtcNow() + _held);
            }

            if (await SaveAsync(cancellationToken))
            {
                return free;
            }

            await ReadAsync(() => new DeliveryDocument(), cancellationToken);
        }

        return [];
    }

    /// <summary>Notes a delivery.</summary>
    public async Task MarkDeliveredAsync(
        string channel, IReadOnlyList<(Incident Incident, IncidentMoment Moment)> moments, CancellationToken cancellationToken)
    {
        foreach (var (incident, moment) in moments)
        {
            var delivery = Find(channel, incident, moment) ?? Add(channel, incident, moment);
            (delivery.IsDone, delivery.Holder, delivery.HeldUntil) = (true, null, null);
        }

        while (moments.Count > 0 && !await SaveAsync(cancellationToken))
        {
            // Another process has written: merge its deliveries with ours.
            await ReadAsync(() => new DeliveryDocument(), cancellationToken);
        }
    }

    private static DeliveryDocument New(IReadOnlyList<string> channels, IReadOnlyList<Incident> incidents, DateTimeOffset first)
    {
        var document = new DeliveryDocument();
        document.Deliveries.AddRange(
            from channel in channels
            from incident in incidents
            where incident.Resolved < first
            from moment in incident.Timeline
            select new Delivery { Channel = channel, Incident = incident.Id, Event = moment.Event, Tick = moment.Tick, IsDone = true });
        return document;
    }

    private async Task ReadAsync(Func<DeliveryDocument> make, CancellationToken cancellationToken)
    {
        try
        {
            var known = _document.Deliveries;
            (var read, _version) = await documents.ReadAsync(
                DeliveryDocument.BlobName, NotificationsJson.Default.DeliveryDocument, cancellationToken);
            _document = read ?? make();
            known.Where(delivery => delivery.IsDone).ToList().ForEach(Keep);
            IsRead = true;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            ExceptionLog.Write(logger, exception, HistoryFailure.ReasonFor(exception), "reading what was told");
        }
    }

    private void Keep(Delivery done)
    {
        _document.Deliveries.RemoveAll(other => other.Channel == done.Channel && other.Incident == done.Incident
            && other.Event == done.Event && other.Tick == done.Tick);
        _document.Deliveries.Add(done);
    }

    private bool IsFree(string channel, Incident incident, IncidentMoment moment) => Find(channel, incident, moment) is not { } delivery
        || (!delivery.IsDone && (delivery.Holder == _holder || !(delivery.HeldUntil > time.GetUtcNow())));

    private Delivery? Find(string channel, Incident incident, IncidentMoment moment) =>
        _document.Deliveries.Find(delivery => delivery.Is(channel, incident, moment));

    private Delivery Add(string channel, Incident incident, IncidentMoment moment)
    {
        var delivery = new Delivery { Channel = channel, Incident = incident.Id, Event = moment.Event, Tick = moment.Tick };
        _document.Deliveries.Add(delivery);
        return delivery;
    }

    /// <returns>False where another process has written the document meanwhile, so that it must be read again.</returns>
    private async Task<bool> SaveAsync(CancellationToken cancellationToken)
    {
        if (!IsRead)
        {
            return true;
        }

        try
        {
            var now = time.GetUtcNow();
            _document.Deliveries.RemoveAll(delivery => delivery.Tick < now - _kept && !_known.Contains(delivery.Incident));
            var written = await documents.WriteAsync(
                DeliveryDocument.BlobName, _document, NotificationsJson.Default.DeliveryDocument, _version, cancellationToken);
            (_version, IsRead) = (written, written is not null);
            return IsRead;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            ExceptionLog.Write(logger, exception, HistoryFailure.ReasonFor(exception), "writing what was told");
            IsRead = false;
            return true;
        }
    }
}
