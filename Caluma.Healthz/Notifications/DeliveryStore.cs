using Azure;
using Caluma.Healthz.History;
using Caluma.Healthz.Trends;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Notifications;

/// <summary>
/// What was told, beside the history and by compare-and-swap. It is read when there is something to tell, and a storage that is away keeps
/// nothing back: then this process knows alone.
/// </summary>
internal sealed class DeliveryStore(DocumentStore documents, TimeProvider time, ILogger logger)
{
    /// <summary>Longer than anything is tried. What is still known of is kept longer: it may be open for weeks.</summary>
    private static readonly TimeSpan _kept = TimeSpan.FromDays(2);

    /// <summary>Longer than a process takes to tell one thing, all tries included.</summary>
    private static readonly TimeSpan _held = TimeSpan.FromMinutes(1);

    private readonly string _holder = Guid.NewGuid().ToString("N");
    private HashSet<string> _known = [];
    private DeliveryDocument _document = new();
    private ETag? _version;
    private bool _isRead;

    /// <summary>Reads what was told, where that was not done before.</summary>
    /// <param name="channels">Who may be told.</param>
    /// <param name="incidents">What is known. Of what was over before anybody could be told, nobody is.</param>
    /// <param name="tick">The run that was recorded just now.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task LoadAsync(
        IReadOnlyList<string> channels, IReadOnlyList<Incident> incidents, DateTimeOffset tick, CancellationToken cancellationToken)
    {
        _known = [.. incidents.Select(incident => incident.Id)];
        if (!_isRead)
        {
            await ReadAsync(() => New(channels, incidents, tick), cancellationToken);
        }
    }

    /// <summary>Whether it was told.</summary>
    public bool IsDone(string channel, Incident incident, IncidentMoment moment) => Find(channel, incident, moment) is { IsDone: true };

    /// <summary>Lets this process alone tell some things for a while.</summary>
    /// <param name="channel">Who is to be told.</param>
    /// <param name="moments">What.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Those that it may tell: no other tells them, or has.</returns>
    public async Task<IReadOnlyList<(Incident Incident, IncidentMoment Moment)>> HoldAsync(
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

    /// <summary>Notes that something was told.</summary>
    public async Task SettleAsync(
        string channel, IReadOnlyList<(Incident Incident, IncidentMoment Moment)> moments, CancellationToken cancellationToken)
    {
        foreach (var (incident, moment) in moments)
        {
            var delivery = Find(channel, incident, moment) ?? Add(channel, incident, moment);
            (delivery.IsDone, delivery.Holder, delivery.HeldUntil) = (true, null, null);
        }

        while (moments.Count > 0 && !await SaveAsync(cancellationToken))
        {
            // Another process has written: what it knows, and what this one does.
            await ReadAsync(() => new DeliveryDocument(), cancellationToken);
        }
    }

    private static DeliveryDocument New(IReadOnlyList<string> channels, IReadOnlyList<Incident> incidents, DateTimeOffset tick)
    {
        var document = new DeliveryDocument();
        document.Deliveries.AddRange(
            from channel in channels
            from incident in incidents
            where incident.Resolved is not null
            from moment in incident.Timeline
            where moment.Tick < tick
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
            _isRead = true;
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

    /// <returns>False where another process has written it meanwhile, so that it is to be read again.</returns>
    private async Task<bool> SaveAsync(CancellationToken cancellationToken)
    {
        if (!_isRead)
        {
            return true;
        }

        try
        {
            var now = time.GetUtcNow();
            _document.Deliveries.RemoveAll(delivery => delivery.Tick < now - _kept && !_known.Contains(delivery.Incident));
            var written = await documents.WriteAsync(
                DeliveryDocument.BlobName, _document, NotificationsJson.Default.DeliveryDocument, _version, cancellationToken);
            (_version, _isRead) = (written, written is not null);
            return _isRead;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            ExceptionLog.Write(logger, exception, HistoryFailure.ReasonFor(exception), "writing what was told");
            _isRead = false;
            return true;
        }
    }
}
