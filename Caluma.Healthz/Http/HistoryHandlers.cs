using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Web;
using Caluma.Healthz.History;
using Caluma.Healthz.Pages;
using Caluma.Healthz.Trends;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Http;

/// <summary>The handlers of the routes over the history. They run no checks.</summary>
internal sealed class HistoryHandlers(
    RecordReader reader, TrendReader trends, PageEnvironment environment, TimeProvider time, ILogger<HistoryHandlers> logger)
{
    private const int DefaultDays = 30;

    /// <summary>A header with the days of which a part could not be read, like <c>unreadableDays</c> of the trend.</summary>
    private const string UnreadableDays = "Healthz-Unreadable-Days";

    /// <summary>The storage client's own retries take 16 s where nothing answers.</summary>
    private static readonly TimeSpan _maxRead = TimeSpan.FromSeconds(10);

    /// <summary>Runs a handler, and answers 503 where the storage fails or takes too long.</summary>
    public async Task<HealthzResponse> AnswerAsync(
        Func<HistoryHandlers, HealthzRequest, CancellationToken, Task<HealthzResponse>> handler,
        HealthzRequest request,
        CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(_maxRead, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            return await handler(this, request, stop.Token);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && HistoryFailure.Covers(exception))
        {
            ExceptionLog.Write(logger, exception, HistoryFailure.ReasonFor(exception), "reading the history");
            var reason = HistoryFailure.ReasonFor(exception).Code();
            HistoryLog.Unavailable(logger, reason);
            return HealthzResponse.Refusal(503, $"The history cannot be read ({reason})");
        }
    }

    public async Task<HealthzResponse> TrendAsync(HealthzRequest request, CancellationToken cancellationToken)
    {
        var text = HttpUtility.ParseQueryString(request.Query)["days"];
        var days = DefaultDays;
        if (text is not null
            && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out days) || days is < 1 or > TrendReader.MaxDays))
        {
            return HealthzResponse.Refusal(400, $"days must be a whole number from 1 to {TrendReader.MaxDays}");
        }

        var report = await trends.ReadAsync(days, cancellationToken);
        return HealthzResponse.Json(200, JsonSerializer.SerializeToUtf8Bytes(report, TrendsJson.Default.TrendReport));
    }

    public async Task<HealthzResponse> DashboardAsync(HealthzRequest request, CancellationToken cancellationToken)
    {
        if (PageQuery.Parse(request.Path, request.Query, out var problem) is not { } query)
        {
            return HealthzResponse.Refusal(400, problem);
        }

        var report = await trends.ReadAsync(DashboardPage.StripDays, cancellationToken);
        var records = query.Day is { } day ? await RecordsAsync(day, cancellationToken) : PageRecords.None;
        return Page(DashboardPage.Render(report, query, environment, records), query);
    }

    public async Task<HealthzResponse> IncidentsAsync(HealthzRequest request, CancellationToken cancellationToken)
    {
        if (PageQuery.Parse(request.Path, request.Query, out var problem) is not { } query)
        {
            return HealthzResponse.Refusal(400, problem);
        }

        var report = await trends.ReadAsync(DashboardPage.StripDays, cancellationToken);
        var context = new PageContext(report, query, environment);
        if (query.Incident is not { } id)
        {
            return Page(IncidentPage.RenderAll(context), query);
        }

        if (report.Incidents.FirstOrDefault(incident => incident.Id == id) is not { } found)
        {
            return HealthzResponse.Refusal(404, $"No incident has this id; the newest ones are listed at /{HealthzRoutes.Incidents}");
        }

        var end = (found.Resolved ?? report.Now).AddTicks(1);
        var records = await RecordsAsync(
            found.Started, end - found.Started > IncidentPage.MaxRead ? found.Started + IncidentPage.MaxRead : end, cancellationToken);
        return Page(IncidentPage.Render(context, found, records), query);
    }

    public async Task<HealthzResponse> BadgeAsync(CancellationToken cancellationToken)
    {
        var picture = Badge.Draw(await trends.ReadAsync(days: 1, cancellationToken));
        return new HealthzResponse(200, "image/svg+xml", Encoding.UTF8.GetBytes(picture))
            .With("Content-Security-Policy", "default-src 'none'");
    }

    public async Task<HealthzResponse> HistoryAsync(HealthzRequest request, CancellationToken cancellationToken)
    {
        if (HistoryQuery.Parse(request.Query, time.GetUtcNow(), out var problem) is not { } query)
        {
            return HealthzResponse.Refusal(400, problem);
        }

        var days = await reader.DaysAsync(query.FirstDay, query.LastDay, cancellationToken);
        var page = await HistoryPage.ReadAsync(reader, days.Keys, query, cancellationToken);
        var response = new HealthzResponse(200, query.Format.MediaType, page.Text);
        if (page.Unreadable.Count > 0)
        {
            response = response.With(UnreadableDays, string.Join(", ", page.Unreadable.Select(day => $"{day:yyyy-MM-dd}")));
        }

        return page.Next is { } next ? response.With("Link", $"</{HealthzRoutes.History}{query.Following(next)}>; rel=\"next\"") : response;
    }

    /// <summary>Adds the refresh to a page about the present, unless the reader has paused it.</summary>
    private static HealthzResponse Page(string page, PageQuery query)
    {
        // A header, because axe reports the meta element as an accessibility fault: it cannot see the link that pauses the refresh.
        var response = HealthzResponse.Page(200, page);
        return query is { IsAboutNow: true, IsPaused: false } ? response.With("Refresh", "60") : response;
    }

    private Task<PageRecords> RecordsAsync(DateOnly day, CancellationToken cancellationToken)
    {
        var start = new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero);
        return RecordsAsync(start, start.AddDays(1), cancellationToken);
    }

    private async Task<PageRecords> RecordsAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var (first, last) = (DateOnly.FromDateTime(from.UtcDateTime), DateOnly.FromDateTime(to.UtcDateTime.AddTicks(-1)));
        var days = await reader.DaysAsync(first, last, cancellationToken);
        var unreadable = new SortedSet<DateOnly>();
        try
        {
            var runs = await reader.ReadRangeAsync(days.Keys, from, to, cancellationToken, unreadable).ToListAsync(cancellationToken);
            return new PageRecords(runs, unreadable);
        }
        catch (Exception) when (unreadable.Count > 0 && !cancellationToken.IsCancellationRequested)
        {
            // The other parts of the page do not need the log.
            return new PageRecords([], unreadable);
        }
    }
}
