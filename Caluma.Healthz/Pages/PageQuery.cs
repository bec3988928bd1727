using System.Collections.Specialized;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Web;

namespace Caluma.Healthz.Pages;

/// <summary>What a reader of the pages has asked for; all of it is in the address, so that each view is a link.</summary>
internal sealed partial record PageQuery
{
    private const int DefaultDays = 7;
    private const int MaxCode = 512;

    private static readonly string[] _checks = [.. CheckNames.All.Select(check => check.Token())];

    /// <summary>How many days the charts may show.</summary>
    public static IReadOnlyList<int> AllDays { get; } = [1, 7, 30, 90];

    /// <value>How many days the charts show.</value>
    public int Days { get; init; } = DefaultDays;

    /// <value>The only check to show; null for all.</value>
    public Check? Check { get; init; }

    /// <value>The only target to show; null for all.</value>
    public string? Target { get; init; }

    /// <value>The day to look at, UTC; null for the last 24 hours.</value>
    public DateOnly? Day { get; init; }

    /// <value>Whether only what fails is shown.</value>
    public bool OnlyFailing { get; init; }

    /// <value>Whether the page stays as it is.</value>
    public bool IsPaused { get; init; }

    /// <value>Whether a chart is scaled to what it shows, and not to the timeout.</value>
    public bool HasAutoScale { get; init; }

    /// <value>In which time zone times are said, beside UTC.</value>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    /// <value>The key that the page was opened with as <c>?code=</c>; its own links carry it on. Null where it came otherwise.</value>
    public string? Code { get; init; }

    /// <value>What leads from the address of the page to the folder it is in.</value>
    public string Folder { get; init; } = "";

    /// <summary>The address of this view, relative to any other of the dashboard.</summary>
    public string Address => Query(
        ("check", Check?.Token()),
        ("target", Target),
        ("day", Day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
        ("days", Days == DefaultDays ? null : Days.ToString(CultureInfo.InvariantCulture)),
        ("only", OnlyFailing ? "failing" : null),
        ("scale", HasAutoScale ? "auto" : null),
        ("tz", Zone == TimeZoneInfo.Utc ? null : Zone.Id),
        ("refresh", IsPaused ? "off" : null));

    /// <summary>The address of another route of the probe, such as <c>history</c>.</summary>
    public string AddressOf(string route, params (string Name, string? Value)[] parameters) => $"{Folder}{route}{Query(parameters)}";

    /// <summary>The page of one check on one target.</summary>
    public PageQuery Of(Check check, string target, DateOnly? day = null) =>
        this with { Check = check, Target = target, Day = day, OnlyFailing = false };

    /// <returns>Null where something is wrong.</returns>
    public static PageQuery? Parse(string path, string query, out string problem)
    {
        var values = HttpUtility.ParseQueryString(query);
        var found = new PageQuery
        {
            Target = values["target"],
            Code = values["code"] is { Length: > 0 and <= MaxCode } code ? code : null,
            Folder = path.EndsWith('/') ? "../" : "",
        };
        problem = ReadView(values, ref found) ?? ReadFlags(values, ref found) ?? ReadZone(values["tz"], ref found) ?? "";
        return problem.Length == 0 ? found : null;
    }

    private static string? ReadView(NameValueCollection values, ref PageQuery found)
    {
        if (values["days"] is { } days)
        {
            if (AllDays.Select(number => number.ToString(CultureInfo.InvariantCulture)).All(number => number != days))
            {
                return $"days must be {Choice.Of([.. AllDays.Select(number => $"{number}")])}";
            }

            found = found with { Days = int.Parse(days, CultureInfo.InvariantCulture) };
        }

        if (values["check"] is { } name)
        {
            if (CheckNames.Find(name) is not { } check)
            {
                return $"check must be {Choice.Of(_checks)}";
            }

            found = found with { Check = check };
        }

        if (values["day"] is { } text)
        {
            if (!DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            {
                return "day must be a UTC day such as 2026-11-22";
            }

            found = found with { Day = day };
        }

        return null;
    }

    private static string? ReadFlags(NameValueCollection values, ref PageQuery found)
    {
        foreach (var (name, value) in new[] { ("only", "failing"), ("scale", "auto"), ("refresh", "off") })
        {
            if (values[name] is { } given && given != value)
            {
                return $"{name} must be {value}, or not be given";
            }
        }

        found = found with
        {
            OnlyFailing = values["only"] is not null,
            HasAutoScale = values["scale"] is not null,
            IsPaused = values["refresh"] is not null,
        };
        return null;
    }

    private static string? ReadZone(string? text, ref PageQuery found)
    {
        if (text is null or "UTC" or "Z")
        {
            return null;
        }

        // In a query, a plus that nobody has encoded arrives as a space.
        if (Offset().Match(text.Replace(' ', '+')) is { Success: true } offset)
        {
            var length = TimeSpan.ParseExact(offset.Groups["length"].Value, "hh\\:mm", CultureInfo.InvariantCulture);
            length = offset.Value[0] == '-' ? -length : length;
            found = found with { Zone = TimeZoneInfo.CreateCustomTimeZone(offset.Value, length, null, null) };
            return null;
        }

        // The system takes it for the path of a file.
        if (ZoneName().IsMatch(text) && TimeZoneInfo.TryFindSystemTimeZoneById(text, out var zone))
        {
            found = found with { Zone = zone };
            return null;
        }

        return "tz must be a time zone that this system knows, such as Europe/Zurich, or an offset such as +01:00";
    }

    private string Query(params IEnumerable<(string Name, string? Value)> parameters)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in parameters.Append(("code", Code)))
        {
            if (value is not null)
            {
                text.Append(CultureInfo.InvariantCulture, $"{(text.Length == 0 ? '?' : '&')}{name}={Uri.EscapeDataString(value)}");
            }
        }

        return text.Length == 0 ? "?" : text.ToString();
    }

    [GeneratedRegex(@"^[+-](?<length>(0\d|1[0-3]):[0-5]\d)\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Offset();

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9_+-]{0,31}(/[A-Za-z][A-Za-z0-9_+-]{0,31}){0,2}\z", RegexOptions.ExplicitCapture)]
    private static partial Regex ZoneName();
}
