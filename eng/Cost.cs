// Writes the tables of docs/cost.md from the prices and assumptions of eng/cost.json:
//
//   dotnet run eng/Cost.cs -- eng/cost.json docs/cost.md
//
// Each table stands between two markers, <!-- cost:NAME --> and <!-- /cost:NAME -->. What is outside of them is left alone.

using System.Globalization;
using System.Text;
using System.Text.Json;

if (args is not [var tablePath, var pagePath])
{
    Console.Error.WriteLine("usage: dotnet run eng/Cost.cs -- <cost.json> <cost.md>");
    return 2;
}

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
using var table = JsonDocument.Parse(File.ReadAllText(tablePath));
var root = table.RootElement;
var prices = root.GetProperty("prices").EnumerateArray().ToDictionary(Id);
var assumptions = root.GetProperty("assumptions").EnumerateArray().ToDictionary(Id);
var sources = root.GetProperty("sources").EnumerateArray().ToDictionary(Id);
var days = root.GetProperty("days").GetInt32();
int[] schedules = [1, 5];

var page = File.ReadAllText(pagePath);
foreach (var (name, text) in new[] { ("summary", Summary()), ("month", Month()),
    ("grants", Grants()), ("knobs", Knobs()), ("assumptions", Assumptions()), ("prices", Prices()) })
{
    var (begin, end) = ($"<!-- cost:{name} -->\n", $"<!-- /cost:{name} -->");
    var (from, to) = (page.IndexOf(begin, StringComparison.Ordinal) + begin.Length, page.IndexOf(end, StringComparison.Ordinal));
    if (from < begin.Length || to < from)
    {
        throw new InvalidDataException($"{pagePath} has no place for the table {name}.");
    }

    page = $"{page[..from]}\n{text}\n{page[to..]}";
}

File.WriteAllText(pagePath, page);
return 0;

// What a month costs, in a sentence or two.
string Summary()
{
    var (total, test) = (Sum(schedules[0]), WebTest((int)Value("test-minutes"), (int)Value("test-locations")));
    return $"""
        With a run every minute: **{total.List:0.00} USD a month at list prices, {total.LessGrants:0.00} after the free grants.** Of that
        {Rules().List:0.00} are the alert rules. The one knob that matters most is the availability test: it is off; on, it adds
        {test.List:0.00} (every {Value("test-minutes")} minutes from {Value("test-locations")} places),
        or {WebTest(5, 5).List:0.00} every 5 minutes.

        """;
}

(string Name, Func<int, Cost> Of)[] Lines() =>
[
    ("Running the checks, 512 MB", minutes => Compute(minutes, 512, Value("run-seconds"))),
    ("Executions", minutes => Priced("executions", Runs(minutes))),
    ("Recording: writes", minutes => Priced("blob-write", Runs(minutes) * Value("writes-warm"))),
    ("Recording: what is stored", minutes => Priced("blob-stored", Stored(minutes))),
    ("Media storage check on Azure Blobs", Media),
    ("Leases of the Functions host", _ => Leases()),
    ("Logs", minutes => Priced("logs", Runs(minutes) * Value("log-kilobytes") / 1e6)),
    ($"Log alert rules: {Value("rules-5")} every 5 minutes, {Value("rules-15")} every 15", _ => Rules()),
];

Cost Sum(int minutes) => Lines().Aggregate(new Cost(0, 0), (sum, line) => sum + line.Of(minutes));

// What a month costs, line by line, at list prices and less the free grants.
string Month()
{
    var text = new StringBuilder("| | every minute | less the grants | every 5 minutes | less the grants |\n|---|--:|--:|--:|--:|\n");
    foreach (var (name, of) in Lines())
    {
        Row(text, name, schedules.Select(of));
    }

    Row(text, "**The probe**", schedules.Select(Sum));
    return text.ToString();
}

// How long a run may take before the grant of a subscription is used up by this app alone.
string Grants()
{
    var text = new StringBuilder("| instance | every minute | every 5 minutes |\n|---|--:|--:|\n");
    foreach (var megabytes in new[] { 512, 2048, 4096 })
    {
        text.Append($"| {megabytes:N0} MB |");
        foreach (var minutes in schedules)
        {
            text.Append($" {Free("execution") / Runs(minutes) / Gigabytes(megabytes):0.0} s |");
        }

        text.Append('\n');
    }

    return text.ToString();
}

// What each setting adds to a month, or takes from it, against the table of a month above.
string Knobs()
{
    var text = new StringBuilder("| knob | every minute | less the grants | every 5 minutes | less the grants |\n|---|--:|--:|--:|--:|\n");
    var run = Value("run-seconds");
    foreach (var megabytes in new[] { 2048, 4096 })
    {
        Row(text, $"An instance of {megabytes:N0} MB",
            schedules.Select(minutes => Compute(minutes, megabytes, run) - Compute(minutes, 512, run)), signed: true);
    }

    Row(text, "Runs of 3 s", schedules.Select(minutes => Compute(minutes, 512, 3) - Compute(minutes, 512, run)), signed: true);
    Row(text, "A target that hangs all month",
        schedules.Select(minutes => Compute(minutes, 512, Value("outage-seconds")) - Compute(minutes, 512, run)), signed: true);
    Row(text, $"{Value("writes-most")} writes for every record",
        schedules.Select(minutes => Priced("blob-write", Runs(minutes) * (Value("writes-most") - Value("writes-warm")))), signed: true);
    Row(text, "No history", schedules.Select(minutes => new Cost(0, 0) - Priced(
        "blob-write", Runs(minutes) * Value("writes-warm")) - Priced("blob-stored", Stored(minutes))), signed: true);
    Row(text, "No media storage check", schedules.Select(minutes => new Cost(0, 0) - Media(minutes)), signed: true);
    Row(text, "Logs of 25 KB a run", schedules.Select(minutes =>
        Priced("logs", Runs(minutes) * 25 / 1e6) - Priced("logs", Runs(minutes) * Value("log-kilobytes") / 1e6)), signed: true);
    Row(text, "One instance of 512 MB always ready",
        schedules.Select(minutes => AlwaysReady(minutes, 512, run) - Compute(minutes, 512, run)), signed: true);
    Same("No alert rules (`alertsEnabled = false`)", new Cost(0, 0) - Rules());
    Same("A log alert rule, every minute", Priced("log-alert-1", 1));
    Same("A log alert rule, every 5 minutes", Priced("log-alert-5", 1));
    Same("A log alert rule, every 15 minutes", Priced("log-alert-15", 1));
    Same("A metric alert rule of one time series", Priced("metric-alert", 1));
    Same("`telemetry = 'openTelemetry'`", Priced("metric-alert", Value("metric-series")) - Priced("log-alert-15", 1)
        + Priced("logs", Runs(1) * Value("metric-kilobytes") / 1e6));
    foreach (var (minutes, locations) in new[] { (15, 1), (15, 2), (15, 5), (5, 1), (5, 5) })
    {
        Same($"An availability test every {minutes} minutes from {locations} place{(locations == 1 ? "" : "s")}",
            WebTest(minutes, locations));
    }

    return text.ToString();

    void Same(string name, Cost cost) => Row(text, name, schedules.Select(_ => cost), signed: true);
}

string Assumptions()
{
    var text = new StringBuilder("| assumed | | why |\n|--:|---|---|\n");
    foreach (var assumption in assumptions.Values)
    {
        text.Append(
            $"| {Value(Id(assumption))} {Text(assumption, "unit")} | {Text(assumption, "what")} | {Text(assumption, "why")} |\n".Replace(
            "  ", " "));
    }

    return text.ToString();
}

string Prices()
{
    var text = new StringBuilder("| meter | USD | per | free each month | read on | source |\n|---|--:|---|--:|---|--:|\n");
    foreach (var (id, price) in prices)
    {
        var number = sources.Keys.ToList().IndexOf(Text(price, "from")) + 1;
        text.Append(
            $"| {Text(price, "meter")} | {Usd(id):0.########} | {Text(price, "per")} | {(Free(id) > 0 ? $"{Free(id):N0}" : "")} | "
                + $"{Text(price, "read")} | {number} |\n");
    }

    text.Append('\n');
    foreach (var (source, index) in sources.Values.Select((source, index) => (source, index)))
    {
        text.Append($"{index + 1}. {Text(source, "text")}\n");
    }

    return text.ToString();
}

int Runs(int minutes) => days * 1440 / minutes;

// The least that is billed of an execution is 1 s, and above it tenths.
Cost Compute(int minutes, int megabytes, double seconds) =>
    Priced("execution", Runs(minutes) * Gigabytes(megabytes) * Math.Ceiling(Math.Max(1, seconds) * 10) / 10);

Cost AlwaysReady(int minutes, int megabytes, double seconds) =>
    Priced("always-ready", Gigabytes(megabytes) * days * 86400)
        + Priced("always-ready-execution", Runs(minutes) * Gigabytes(megabytes) * Math.Max(1, seconds));

double Gigabytes(int megabytes) => megabytes / 1024.0;

// Put Blob is a write, Get Blob Properties an "other", Get Blob a read, Delete Blob free. Once an hour it lists what was left behind.
Cost Media(int minutes) =>
    Priced("blob-write", Runs(minutes)) + Priced("blob-other", Runs(minutes))
        + Priced("blob-read", Runs(minutes)) + Priced("blob-list", days * 24);

// Renew Blob Lease is an "other".
Cost Leases() => Priced("blob-other", 2 * days * 86400 / Value("lease-seconds"));

Cost Rules() => Priced("log-alert-5", Value("rules-5")) + Priced("log-alert-15", Value("rules-15"));

Cost WebTest(int minutes, int locations) => Priced("web-test", Runs(minutes) * locations);

// The records, and what was overwritten since: soft delete keeps it.
double Stored(int minutes) =>
    ((Value("record-bytes") * Value("retention-days")) + (Value("overwritten-bytes") * Value("soft-delete-days"))) * Runs(
        minutes) / days / 1e9;

Cost Priced(string id, double amount) => new(amount * Usd(id), Math.Max(0, amount - Free(id)) * Usd(id));

void Row(StringBuilder text, string name, IEnumerable<Cost> costs, bool signed = false) =>
    text.Append(
        $"| {name} |{string.Concat(costs.Select(cost => $" {Amount(cost.List, signed)} | {Amount(cost.LessGrants, signed)} |"))}\n");

static string Amount(double usd, bool signed) =>
    Math.Round(usd, 2, MidpointRounding.AwayFromZero) switch
    {
        0 => "0",
        var amount => amount.ToString(signed ? "+0.00;−0.00" : "0.00", CultureInfo.InvariantCulture),
    };

double Value(string id) => assumptions[id].GetProperty("value").GetDouble();

double Usd(string id) => prices[id].GetProperty("usd").GetDouble();

double Free(string id) => prices[id].GetProperty("free").GetDouble();

static string Id(JsonElement element) => Text(element, "id");

static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

/// <summary>What something costs in a month: at list prices, and where this app has the free grants to itself.</summary>
internal readonly record struct Cost(double List, double LessGrants)
{
    public static Cost operator +(Cost a, Cost b) => new(a.List + b.List, a.LessGrants + b.LessGrants);

    public static Cost operator -(Cost a, Cost b) => new(a.List - b.List, a.LessGrants - b.LessGrants);
}
