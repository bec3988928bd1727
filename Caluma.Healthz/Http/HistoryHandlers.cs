using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Web;
using Caluma.Healthz.History;
using Caluma.Healthz.Pages;
using Caluma.Healthz.Trends;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Http;

/// <summary>What answers from the history. Nothing of it runs a check.</summary>
internal sealed class HistoryHandlers(
    RecordReader reader, TrendReader trends, PageEnvironment environment, TimeProvider time, ILogger<HistoryHandlers> logger)
{
    private const int DefaultDays = 30;

    /// <summary>With its retries, the storage client alone would take 16 s to find out that nobody answers it.</summary>
    private static readonly TimeSpan _maxRead = TimeSpan.FromSeconds(10);

    /// <summary>Lets a handler answer, and does so itself where the storage fails or takes too long.</summary>
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
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && HistoryFailure.IsOne(exception))
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
        var page = DashboardPage.Render(report, query, environment, await RecordsAsync(query.Day, cancellationToken));
        var response = new HealthzResponse(200, "text/html; charset=utf-8", Encoding.UTF8.GetBytes(page))
            .With("Content-Security-Policy", DashboardStyle.ContentSecurityPolicy)
            .With("Referrer-Policy", "no-referrer");

        // As a header, because the same in the page is a fault of accessibility to axe, which cannot see that the reader can stop it.
        return query.IsPaused || query.Day is not null ? response : response.With("Refresh", "60");
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
        return page.Next is { } next ? response.With("Link", $"</{HealthzRoutes.History}{query.Following(next)}>; rel=\"next\"") : response;
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
}
