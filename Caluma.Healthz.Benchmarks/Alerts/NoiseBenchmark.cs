using System.Collections.Concurrent;
using System.Globalization;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Benchmarks.Alerts;

/// <summary>
/// <c>./dev bench --alerts</c>: counts the alerts of healthy months and the pages of incidents, and measures how soon changes are seen.
/// </summary>
internal static class NoiseBenchmark
{
    private const double Days = 30;

    /// <summary>Prints the tables.</summary>
    /// <param name="months">The number of months of each profile.</param>
    /// <param name="only">The prefix of the wanted names.</param>
    /// <param name="output">Gets the tables.</param>
    /// <returns>0 where all goals are met, and else 1.</returns>
    public static int Run(int months, string only, TextWriter output)
    {
        var isMet = WriteHealthy(months, only, output);
        isMet &= WriteIncidents(months, only, output);
        isMet &= WriteChanges(months, only, output);
        output.WriteLine(
            isMet ? "All goals are met, but those marked ~, of which docs/rules.md says why." : "Not all goals are met.");
        return isMet ? 0 : 1;
    }

    /// <summary>The number of alerts of each rule in a healthy month.</summary>
    public static IReadOnlyDictionary<AlertRule, int> Alerts(Profile profile, int seed)
    {
        var replay = new Replay(profile.Options);
        foreach (var run in profile.Runs(seed, Days))
        {
            replay.Add(run);
        }

        return replay.Alerts.GroupBy(alert => alert.Rule).ToDictionary(rule => rule.Key, rule => rule.Count());
    }

    private static bool WriteHealthy(int months, string only, TextWriter output)
    {
        var isMet = true;
        var rules = Enum.GetValues<AlertRule>();
        output.WriteLine($"{"ALERTS A MONTH AND CHECK",-38}{string.Concat(rules.Select(rule => $"{rule.Name(),17}"))}");
        foreach (var profile in Profiles.Healthy.Where(profile => profile.Name.StartsWith(only, StringComparison.Ordinal)))
        {
            var found = Seeds(months, seed => Alerts(profile, seed));
            var counts = rules.Select(rule => found.Sum(month => month.GetValueOrDefault(rule)) / (double)months).ToList();
            var isQuiet = counts.Sum() <= profile.MaxAlertsPerMonth;
            isMet &= isQuiet;
            output.WriteLine($"{profile.Name,-38}{string.Concat(counts.Select(count => $"{Number(count),17}"))}"
                + $"{(isQuiet ? counts.Sum() > Profile.Goal ? "  ~" : "" : "  !")}");
        }

        return isMet;
    }

    private static bool WriteIncidents(int seeds, string only, TextWriter output)
    {
        var isMet = true;
        output.WriteLine($"\n{"INCIDENT",-50}{"PAGES",12}{"AT MOST",9}{"TICKETS",9}{"FIRST AFTER",14}{"AT MOST",9}");
        foreach (var incident in TrueIncident.All.Where(incident => incident.Name.StartsWith(only, StringComparison.Ordinal)))
        {
            var found = Seeds(seeds, incident.Replay);
            var (pages, first) = (found.Max(result => result.Pages), found.Max(result => result.FirstPage));
            var isGood = pages <= incident.MaxPages
                && (incident.MaxMinutes is null || found.All(result => result.FirstPage <= incident.MaxMinutes));
            isMet &= isGood;
            output.WriteLine(
                $"{incident.Name,-50}{Number(found.Average(result => result.Pages)),6} to {pages,-2}{incident.MaxPages,9}"
                + $"{Number(found.Average(result => result.Tickets)),9}{(first is { } minutes ? Number(minutes) + " min" : "-"),14}"
                + $"{incident.MaxMinutes,9}{(isGood ? "" : "  !")}");
        }

        return isMet;
    }

    private static bool WriteChanges(int seeds, string only, TextWriter output)
    {
        var isMet = true;
        output.WriteLine($"\n{"CHANGE",-50}{"MEDIAN",12}{"AT MOST",12}");
        foreach (var change in TrueChange.All.Where(change => change.Name.StartsWith(only, StringComparison.Ordinal)))
        {
            var delays = Seeds((2 * seeds) + 1, seed => change.Delay(seed)?.TotalHours ?? double.PositiveInfinity).Order().ToList();
            var isGood = delays[seeds] <= change.MaxHours;
            isMet &= isGood;
            output.WriteLine(
                $"{change.Name,-50}{Number(delays[seeds]) + " h",12}{Number(change.MaxHours) + " h",12}{(isGood ? "" : "  !")}");
        }

        return isMet;
    }

    private static List<T> Seeds<T>(int count, Func<int, T> result)
    {
        var results = new ConcurrentBag<T>();
        Parallel.For(0, count, seed => results.Add(result(seed)));
        return [.. results];
    }

    private static string Number(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);
}
