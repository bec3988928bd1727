using System.Collections.Specialized;
using System.Globalization;
using System.Text;
using System.Web;

namespace Caluma.Healthz.Pages;

/// <summary>The query of a page. The address holds all of it, so that each view can be linked.</summary>
internal sealed record PageQuery
{
    /// <summary>The last part of the path of the dashboard and the pages of a check or a day.</summary>
    public const string Dashboard = "dashboard";

    /// <summary>The last part of the path of the incident pages.</summary>
    public const string Incidents = "incidents";

    private const int DefaultDays = 7;
    private const int MaxCode = 512;
    private const int MaxId = 256;
    private const string Root = "healthz/";
    private const string Off = "off";

    private static readonly string[] _checks = [.. CheckNames.All.Select(check => check.Token())];

    /// <summary>The numbers of days that the charts may show.</summary>
    public static IReadOnlyList<int> AllDays { get; } = [1, 7, 30, 90];

    /// <value>The name of the page, to which a link needs only a query.</value>
    public string Page { get; init; } = Dashboard;

    /// <value>The id of the wanted incident; null for the list of all.</value>
    public string? Incident { get; init; }

    /// <value>The number of days that the charts show.</value>
    public int Days { get; init; } = DefaultDays;

    /// <value>The only check to show; null for all.</value>
    public Check? Check { get; init; }

    /// <value>The only target to show; null for all.</value>
    public string? Target { get; init; }

    /// <value>The wanted day, UTC; null for the last 24 hours.</value>
    public DateOnly? Day { get; init; }

    /// <value>Whether to show only failing checks.</value>
    public bool OnlyFailing { get; init; }

    /// <value>Whether the refresh is paused.</value>
    public bool IsPaused { get; init; }

    /// <value>Whether charts are scaled to their data, and not to the timeout.</value>
    public bool HasAutoScale { get; init; }

    /// <value>The time zone of shown times, beside UTC.</value>
    public PageZone Zone { get; init; } = PageZone.Utc;

    /// <value>The key that opened the page as <c>?code=</c>, which its own links repeat; null where the key came in another way.</value>
    public string? Code { get; init; }

    /// <value>The relative path from the page to the folder of all routes.</value>
    public string Folder { get; init; } = "";

    /// <summary>The address of this view of the dashboard.</summary>
    public string Address => AddressOf(
        Dashboard,
        ("check", Check?.Token()),
        ("target", Target),
        ("day", Day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
        ("days", Days == DefaultDays ? null : Days.ToString(CultureInfo.InvariantCulture)),
        ("only", OnlyFailing ? "failing" : null),
        ("scale", HasAutoScale ? "auto" : null),
        ("tz", ZoneName),
        ("refresh", Refresh));

    /// <summary>The address of this page.</summary>
    public string OwnAddress => Page == Incidents ? IncidentAddress(Incident) : Address;

    /// <summary>Whether the page is about the present, and not about a past day.</summary>
    public bool IsAboutNow => Day is null;

    private string? ZoneName => Zone == PageZone.Utc ? null : Zone.Id;

    private string? Refresh => IsPaused ? Off : null;

    /// <summary>The address of an incident's page; of the list of all where <paramref name="id"/> is null.</summary>
    public string IncidentAddress(string? id) => AddressOf(Incidents, ("id", id), ("tz", ZoneName), ("refresh", Refresh));

    /// <summary>The address of the report.</summary>
    public string ReportAddress => $"{(Folder.Length == 0 ? "./" : Folder)}{Query()}";

    /// <summary>The address of a route of the probe, such as <c>history</c>, relative to this page.</summary>
    public string AddressOf(string route, params IEnumerable<(string Name, string? Value)> parameters) =>
        route == Page ? Query(parameters) : $"{Folder}{route}{Query(parameters)}";

    /// <summary>The page of one check on one target.</summary>
    public PageQuery Of(Check check, string target, DateOnly? day = null) =>
        this with { Check = check, Target = target, Day = day, OnlyFailing = false };

    /// <summary>Reads the parts that links need, of any address.</summary>
    public static PageQuery Plain(string path, string query) => Plain(path, HttpUtility.ParseQueryString(query));

    /// <returns>Null where the query is invalid.</returns>
    public static PageQuery? Parse(string path, string query, out string problem)
    {
        var values = HttpUtility.ParseQueryString(query);
        var found = Plain(path, values) with { Target = values["target"], Incident = values["id"] };
        if (found.Incident is { Length: 0 or > MaxId })
        {
            problem = "id must be that of an incident, as in the links of the dashboard";
            return null;
        }

        problem = ReadView(values, ref found) ?? ReadFlags(values, ref found) ?? ReadZone(values["tz"], ref found) ?? "";
        return problem.Length == 0 ? found : null;
    }

    private static PageQuery Plain(string path, NameValueCollection values) => new()
    {
        Page = path.TrimEnd('/').Split('/')[^1].ToLowerInvariant(),
        Code = values["code"] is { Length: > 0 and <= MaxCode } code ? code : null,
        Folder = FolderOf(path),
        IsPaused = values["refresh"] == Off,
    };

    /// <summary>Relative, because a proxy may serve the probe under another path.</summary>
    private static string FolderOf(string path)
    {
        var isBelow = path.TrimStart('/').StartsWith(Root, StringComparison.OrdinalIgnoreCase);
        var up = string.Concat(Enumerable.Repeat("../", Math.Max(0, path.Count(sign => sign == '/') - (isBelow ? 2 : 1))));
        return isBelow ? up : up + Root;
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
            // The first and the last day of the calendar have no neighbours, to which the page has links.
            if (!DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
                || day == DateOnly.MinValue || day == DateOnly.MaxValue)
            {
                return "day must be a UTC day such as 2026-11-22";
            }

            found = found with { Day = day };
        }

        return null;
    }

    private static string? ReadFlags(NameValueCollection values, ref PageQuery found)
    {
        foreach (var (name, value) in new[] { ("only", "failing"), ("scale", "auto"), ("refresh", Off) })
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
        };
        return null;
    }

    private static string? ReadZone(string? text, ref PageQuery found)
    {
        if (text is null)
        {
            return null;
        }

        if (PageZone.Find(text) is not { } zone)
        {
            return "tz must be a time zone such as Europe/Zurich, or an offset such as +01:00";
        }

        found = found with { Zone = zone };
        return null;
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
}
