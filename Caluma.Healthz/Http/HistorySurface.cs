using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Web;
using Caluma.Healthz.History;
using Caluma.Healthz.Pages;
using Caluma.Healthz.Trends;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Http;

/// <summary>The routes that answer from the history. None of them runs a check.</summary>
internal sealed class HistorySurface(
    RecordReader reader, TrendReader trends, PageEnvironment environment, TimeProvider time, ILogger<HistorySurface> logger)
{
    private const int DefaultDays = 30;
    private const int BufferSize = 64 * 1024;

    /// <summary>Until an answer begins. With its retries, the storage client alone would take 16 s to find out that nobody answers it.</summary>
    private static readonly TimeSpan _longestRead = TimeSpan.FromSeconds(10);

    public static IReadOnlyCollection<string> Routes { get; } = [HealthzRoutes.Trend, HealthzRoutes.History, HealthzRoutes.Dashboard, HealthzRoutes.Badge];

    public async Task<HealthzResponse> AnswerAsync(string route, HealthzRequest request, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(_longestRead, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            return route switch
            {
                HealthzRoutes.Trend => await TrendAsync(request, stop.Token),
                HealthzRoutes.History => await HistoryAsync(request, stop.Token),
                HealthzRoutes.Dashboard => await DashboardAsync(request, stop.Token),
                _ => await BadgeAsync(stop.Token),
            };
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && HistoryFailure.IsOne(exception))
        {
            ExceptionLog.Write(logger, exception, HistoryFailure.ReasonFor(exception), "reading the history");
            var reason = HistoryFailure.ReasonFor(exception).Code();
            HistoryLog.Unavailable(logger, reason);
            return HealthzResponse.Refusal(503, $"The history cannot be read ({reason})");
        }
    }

    private async Task<HealthzResponse> TrendAsync(HealthzRequest request, CancellationToken cancellationToken)
    {
        var text = HttpUtility.ParseQueryString(request.Query)["days"];
        var days = DefaultDays;
        if (text is not null && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out days) || days is < 1 or > TrendReader.MostDays))
        {
            return HealthzResponse.Refusal(400, $"days must be a whole number from 1 to {TrendReader.MostDays}");
        }

        var report = await trends.ReadAsync(days, cancellationToken);
        return HealthzResponse.Json(200, JsonSerializer.SerializeToUtf8Bytes(report, TrendsJson.Default.TrendReport));
    }

    private async Task<HealthzResponse> DashboardAsync(HealthzRequest request, CancellationToken cancellationToken)
    {
        if (PageQuery.Parse(request.Path, request.Query, out var problem) is not { } query)
        {
            return HealthzResponse.Refusal(400, problem);
        }

        var report = await trends.ReadAsync(DashboardPage.StripDays, cancellationToken);
        var page = DashboardPage.Render(report, query, environment, await RecordsAsync(query.Day, cancellationToken));
        var response = new HealthzResponse(200, "text/html; charset=utf-8", Encoding.UTF8.GetBytes(page))
            .With("Content-Security-Policy", DashboardStyle.ContentSecurityPolicy)
            .With("Referrer-Policy", "no-referrer");

        // As a header, because the same in the page is a fault of accessibility to axe, which cannot see that the reader can stop it.
        return query.IsPaused || query.Day is not null ? response : response.With("Refresh", "60");
    }

    private async Task<IReadOnlyList<RunRecord>> RecordsAsync(DateOnly? day, CancellationToken cancellationToken)
    {
        if (day is not { } wanted || wanted == DateOnly.MaxValue)
        {
            return [];
        }

        var start = new DateTimeOffset(wanted, TimeOnly.MinValue, TimeSpan.Zero);
        var days = await reader.DaysAsync(wanted, wanted, cancellationToken);
        return await reader.ReadRangeAsync(days.Keys, start, start.AddDays(1), cancellationToken).ToListAsync(cancellationToken);
    }

    private async Task<HealthzResponse> BadgeAsync(CancellationToken cancellationToken)
    {
        var picture = Badge.Draw(await trends.ReadAsync(days: 1, cancellationToken));
        return new HealthzResponse(200, "image/svg+xml", Encoding.UTF8.GetBytes(picture))
            .With("Content-Security-Policy", "default-src 'none'");
    }

    private async Task<HealthzResponse> HistoryAsync(HealthzRequest request, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (HistoryQuery.Parse(request.Query, now, out var problem) is not { } query)
        {
            return HealthzResponse.Refusal(400, problem);
        }

        var days = await reader.DaysAsync(query.FirstDay, query.LastDay, cancellationToken);
        var bytes = days.Sum(day => Math.Ceiling(day.Value * ShareOf(query, day.Key, now)));
        if (bytes > request.MostBytes)
        {
            return HealthzResponse.Refusal(
                400,
                $"From {UtcJsonConverter.Format(query.From)} to {UtcJsonConverter.Format(query.To)} there are about {Megabytes(bytes)} MB, and at most "
                + $"{Megabytes(request.MostBytes.Value)} MB can be answered at once: ask for less with from and to");
        }

        return new HealthzResponse(200, query.Format.MediaType, default)
        {
            Stream = (body, cancellation) => StreamAsync(query, days.Keys, body, cancellation),
        };
    }

    /// <summary>How much of what is recorded of a day is asked for, as if it were recorded evenly.</summary>
    private static double ShareOf(HistoryQuery query, DateOnly day, DateTimeOffset now)
    {
        var start = new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero);
        var end = start.AddDays(1) < now ? start.AddDays(1) : now;
        var (from, to) = (query.From > start ? query.From : start, query.To < end ? query.To : end);
        return end <= start ? 1 : Math.Max(0, (to - from) / (end - start));
    }

    private static string Megabytes(double bytes) => Math.Ceiling(bytes / 1_000_000).ToString(CultureInfo.InvariantCulture);

    private async Task StreamAsync(HistoryQuery query, IEnumerable<DateOnly> days, Stream body, CancellationToken cancellationToken)
    {
        try
        {
            // Not disposed where it fails, which would send what is held: as long as nothing was sent, the front door can still say that it failed.
            var text = new StreamWriter(body, bufferSize: BufferSize, leaveOpen: true);
            await query.Format.WriteAsync(reader.ReadRangeAsync(days, query.From, query.To, cancellationToken), text, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            var reason = HistoryFailure.ReasonFor(exception);
            ExceptionLog.Write(logger, exception, reason, "sending the history");
            HistoryLog.Unavailable(logger, reason.Code());
            throw;
        }
    }
}
