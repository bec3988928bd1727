using System.Text.Json.Nodes;

namespace Caluma.Healthz.Tests.Infra.Prometheus;

/// <summary>What Prometheus would know of a server that it has scraped each minute.</summary>
/// <param name="hasBuckets">Whether it keeps the buckets of histograms: no rule reads them, and they are many.</param>
internal sealed class Scrapes(bool hasBuckets = false)
{
    private const string Up = "up{job=\"caluma-healthz\",namespace=\"caluma\"}";
    private const string Target = "job=\"caluma-healthz\",namespace=\"caluma\"";

    private readonly Dictionary<string, List<string>> _series = new() { [Up] = [] };

    /// <summary>How many minutes there are.</summary>
    public int Count => _series[Up].Count;

    /// <summary>The names of the metrics.</summary>
    public IEnumerable<string> Names => _series.Keys.Select(series => series.Split('{')[0]).Distinct();

    /// <summary>
    /// The series as promtool takes them: https://prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules/#series.
    /// </summary>
    public JsonArray ToInputSeries() =>
    [
        .. _series.Select(series => new JsonObject { ["series"] = series.Key, ["values"] = string.Join(' ', series.Value) }),
    ];

    /// <summary>Adds what a server has answered.</summary>
    public void Add(string text) => Add(
        from line in text.Split('\n')
        where line.Length > 0 && line[0] != '#' && (hasBuckets || !line.Contains("_bucket{", StringComparison.Ordinal))
        let end = line.LastIndexOf('}')
        select (Series: $"{line[..end]}{(line[end - 1] == '{' ? "" : ",")}{Target}}}", Value: line[(end + 1)..].Trim().Split(' ')[0]),
        up: true);

    /// <summary>Adds that it has not answered.</summary>
    public void AddFailed() => Add([], up: false);

    private void Add(IEnumerable<(string Series, string Value)> samples, bool up)
    {
        var minute = Count;
        foreach (var (series, value) in samples.Append((Up, up ? "1" : "0")))
        {
            if (!_series.TryGetValue(series, out var values))
            {
                _series[series] = values = [.. Enumerable.Repeat("_", minute)];
            }

            values.Add(value);
        }

        foreach (var values in _series.Values.Where(values => values.Count == minute))
        {
            // Prometheus marks a series that a scrape no longer has.
            values.Add(values is [.., not ("_" or "stale")] ? "stale" : "_");
        }
    }
}
