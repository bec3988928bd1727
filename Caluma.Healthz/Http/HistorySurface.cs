using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Web;
using Caluma.Healthz.Checks.MediaStorage;
using Caluma.Healthz.History;
using Caluma.Healthz.Pages;
using Caluma.Healthz.Trends;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Http;

/// <summary>The routes that answer from the history. None of them runs a check.</summary>
internal sealed class HistorySurface(HistoryStore store, TrendReader trends, TimeProvider time, ILogger<HistorySurface> logger)
{
    private const int DefaultDays = 30;
    private const int BufferSize = 64 * 1024;
    private const string DefaultDashboardDays = "7";

    private static readonly string[] _dashboardDays = ["1", "7", "30", "90"];

    public static IReadOnlyCollection<string> Routes { get; } = [HealthzRoutes.Trend, HealthzRoutes.History, HealthzRoutes.Dashboard, HealthzRoutes.Badge];

    public async Task<HealthzResponse> AnswerAsync(string route, HealthzRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return route switch
            {
                HealthzRoutes.Trend => await TrendAsync(request, cancellationToken),
                HealthzRoutes.History => await HistoryAsync(request, cancellationToken),
                HealthzRoutes.Dashboard => await DashboardAsync(request, cancellationToken),
                _ => await BadgeAsync(cancellationToken),
            };
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && BlobFailure.IsOne(exception))
        {
            var reason = BlobFailure.ReasonFor(exception).Code();
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
            return HealthzResponse.Refusal(400, $"days is no number from 1 to {TrendReader.MostDays}");
        }

        var report = await trends.ReadAsync(days, cancellationToken);
        return HealthzResponse.Json(200, JsonSerializer.SerializeToUtf8Bytes(report, TrendsJson.Default.TrendReport));
    }

    private async Task<HealthzResponse> DashboardAsync(HealthzRequest request, CancellationToken cancellationToken)
    {
        var query = HttpUtility.ParseQueryString(request.Query);
        if (query["days"] is { } text && !_dashboardDays.Contains(text))
        {
            return HealthzResponse.Refusal(400, $"days is none of {string.Join(", ", _dashboardDays)}");
        }

        var days = int.Parse(query["days"] ?? DefaultDashboardDays, CultureInfo.InvariantCulture);
        var page = new DashboardPage(await trends.ReadAsync(DashboardPage.StripDays, cancellationToken), days, query["target"]);
        return new HealthzResponse(200, "text/html; charset=utf-8", Encoding.UTF8.GetBytes(page.Render()))
            .With("Content-Security-Policy", DashboardStyle.ContentSecurityPolicy)
            .With("Referrer-Policy", "no-referrer");
    }

    private async Task<HealthzResponse> BadgeAsync(CancellationToken cancellationToken)
    {
        var picture = Badge.Draw(await trends.ReadAsync(days: 1, cancellationToken));
        return new HealthzResponse(200, "image/svg+xml", Encoding.UTF8.GetBytes(picture))
            .With("Content-Security-Policy", "default-src 'none'");
    }

    private async Task<HealthzResponse> HistoryAsync(HealthzRequest request, CancellationToken cancellationToken)
    {
        if (HistoryQuery.Parse(request.Query, time.GetUtcNow(), out var problem) is not { } query)
        {
            return HealthzResponse.Refusal(400, problem);
        }

        var days = await store.RecordedDaysAsync(query.FirstDay, query.LastDay, cancellationToken);
        if (days.Values.Sum() > request.MostBytes)
        {
            return HealthzResponse.Refusal(
                400,
                $"From {UtcJsonConverter.Format(query.From)} to {UtcJsonConverter.Format(query.To)} there are {days.Values.Sum() / 1_000_000} MB, and at most "
                + $"{request.MostBytes / 1_000_000} MB can be answered at once: ask for less with from and to");
        }

        return new HealthzResponse(200, query.Format.MediaType, default)
        {
            Stream = (body, cancellation) => StreamAsync(query, days.Keys, body, cancellation),
        };
    }

    private async Task StreamAsync(HistoryQuery query, IEnumerable<DateOnly> days, Stream body, CancellationToken cancellationToken)
    {
        try
        {
            await using var text = new StreamWriter(body, bufferSize: BufferSize, leaveOpen: true);
            await query.Format.WriteAsync(store.ReadRangeAsync(days, query.From, query.To, cancellationToken), text, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            HistoryLog.Unavailable(logger, BlobFailure.ReasonFor(exception).Code());
            throw;
        }
    }
}
