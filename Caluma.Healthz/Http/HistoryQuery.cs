using System.Collections.Specialized;
using System.Globalization;
using System.Text.RegularExpressions;
using System.Web;
using Caluma.Healthz.History;

namespace Caluma.Healthz.Http;

/// <summary>The query of the history: <c>?from=&amp;to=&amp;format=&amp;check=&amp;target=&amp;only=&amp;cursor=</c>.</summary>
/// <param name="From">The first moment; by default a day before <paramref name="To"/>.</param>
/// <param name="To">The first moment after the end; by default now.</param>
/// <param name="Format">JSON Lines or CSV.</param>
internal sealed partial record HistoryQuery(DateTimeOffset From, DateTimeOffset To, RecordFormat Format)
{
    private const int MaxDays = 31;
    private const string OnlyFailing = "failing";

    private static readonly string[] _checks = [.. CheckNames.All.Select(check => check.Token())];

    /// <summary>The filter of the runs.</summary>
    public RecordFilter Filter { get; private init; } = RecordFilter.None;

    /// <summary>The end of the previous page; null for the first one.</summary>
    public LogPosition? After { get; private init; }

    public DateOnly FirstDay => DateOnly.FromDateTime(From.UtcDateTime);

    /// <summary>A period that ends at midnight has nothing of the day that begins then.</summary>
    public DateOnly LastDay => DateOnly.FromDateTime(To.UtcDateTime.AddTicks(-1));

    /// <returns>Null where something is wrong.</returns>
    public static HistoryQuery? Parse(string query, DateTimeOffset now, out string problem)
    {
        var values = HttpUtility.ParseQueryString(query);
        var parsed = Parse(values["from"], values["to"], values["format"], TimeSpan.FromDays(1), now, out problem);
        if (parsed is null || FilterOf(values, ref problem) is not { } filter)
        {
            return null;
        }

        parsed = parsed with { Filter = filter };
        if (values["cursor"] is not { } text)
        {
            return parsed;
        }

        if (LogPosition.Parse(text) is not { } cursor || cursor.Day < parsed.FirstDay || cursor.Day > parsed.LastDay)
        {
            problem = "cursor must be as in the Link header of an answer, together with its other parameters";
            return null;
        }

        return parsed with { After = cursor };
    }

    /// <param name="fromText">Null for the default.</param>
    /// <param name="toText">Null for now.</param>
    /// <param name="formatText">Null for JSON Lines.</param>
    /// <param name="span">The length of the default period.</param>
    /// <param name="now">The current time.</param>
    /// <param name="problem">The problem.</param>
    /// <returns>Null where something is wrong.</returns>
    public static HistoryQuery? Parse(
        string? fromText, string? toText, string? formatText, TimeSpan span, DateTimeOffset now, out string problem)
    {
        problem = "";
        var format = formatText is null ? RecordFormat.JsonLines : RecordFormat.Find(formatText);
        if (format is null)
        {
            problem = $"format must be {Choice.Of([.. RecordFormat.All.Select(known => $"{known}")])}";
            return null;
        }

        if (Time("to", toText, now, now, ref problem) is not { } to)
        {
            return null;
        }

        var earlier = to - DateTimeOffset.MinValue > span ? to - span : DateTimeOffset.MinValue;
        if (Time("from", fromText, earlier, now, ref problem) is not { } from)
        {
            return null;
        }

        if (from >= to)
        {
            problem = "from must be earlier than to";
            return null;
        }

        if (to - from > TimeSpan.FromDays(MaxDays))
        {
            problem = $"from and to must be at most {MaxDays} days apart";
            return null;
        }

        return new HistoryQuery(from, to, format);
    }

    /// <summary>The query of the next page. It has both times, so that all pages are of the same period.</summary>
    public string Following(LogPosition position) => string.Concat(
    [
        $"?from={UtcJsonConverter.Format(From)}&to={UtcJsonConverter.Format(To)}&format={Format}",
        .. Filter.Checks.Members.Select(check => $"&check={check.Token()}"),
        .. Filter.Targets.Select(target => $"&target={Uri.EscapeDataString(target)}"),
        Filter.OnlyFailed ? $"&only={OnlyFailing}" : "",
        $"&cursor={position}",
    ]);

    private static RecordFilter? FilterOf(NameValueCollection values, ref string problem)
    {
        var (checks, targets) = (values.GetValues("check") ?? [], values.GetValues("target") ?? []);
        problem = checks.Any(name => CheckNames.Find(name) is null) ? $"check must be {Choice.Of(_checks)}"
            : targets.Any(string.IsNullOrEmpty) ? "target must be the alias of a target, such as default"
            : values["only"] is not (null or OnlyFailing) ? $"only must be {OnlyFailing}, or not be given"
            : "";
        return problem.Length == 0 ? new RecordFilter(CheckSet.Named(checks), targets, values["only"] is not null) : null;
    }

    private static DateTimeOffset? Time(string name, string? text, DateTimeOffset preset, DateTimeOffset now, ref string problem)
    {
        if (text is null)
        {
            return preset;
        }

        // An unencoded plus in a query arrives as a space.
        string[] formats = ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];
        if (DateTimeOffset.TryParseExact(
            text.Replace(' ', '+'), formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
        {
            return time.ToUniversalTime();
        }

        if (Ago().Match(text) is { Success: true } ago)
        {
            var length = int.Parse(ago.Groups["number"].Value, CultureInfo.InvariantCulture);
            return now - (ago.Groups["unit"].Value switch
            {
                "m" => TimeSpan.FromMinutes(length),
                "h" => TimeSpan.FromHours(length),
                _ => TimeSpan.FromDays(length),
            });
        }

        problem = $"{name} must be a UTC time such as 2026-11-22T12:00:00Z, a day such as 2026-11-22, or how long ago such as 2h";
        return null;
    }

    [GeneratedRegex(@"^(?<number>\d{1,5})(?<unit>[mhd])\z")]
    private static partial Regex Ago();
}
