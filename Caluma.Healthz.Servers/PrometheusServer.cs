using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Caluma.Healthz.Servers;

/// <summary>
/// A real Prometheus that scrapes one address each second, as the job <c>caluma-healthz</c> in the namespace <c>caluma</c>.
/// </summary>
internal sealed class PrometheusServer : Server
{
    private readonly HttpClient _client;

    private PrometheusServer(Uri target, string rules)
        : base("prometheus")
    {
        File.WriteAllText(Path.Combine(Folder.Path, "prometheus.yml"), Config(target, rules));
        _client = new HttpClient { BaseAddress = new Uri($"http://{Host}:{Port.ToString(CultureInfo.InvariantCulture)}") };
    }

    protected override string ReadyText => "Server is ready to receive web requests";

    /// <param name="target">The address of <c>/metrics</c>.</param>
    /// <param name="rules">A file with rules.</param>
    public static Task<PrometheusServer> StartNewAsync(Uri target, string rules) => StartAsync(new PrometheusServer(target, rules));

    /// <summary>Evaluates a query at the current time.</summary>
    /// <returns>The series, each with its labels and its value.</returns>
    /// <exception cref="InvalidOperationException">The query is invalid.</exception>
    public async Task<IReadOnlyList<JsonNode>> QueryAsync(string query) =>
        [.. (await GetAsync($"query?query={Uri.EscapeDataString(query)}"))["result"]!.AsArray().Select(series => series!)];

    /// <summary>The rules that it evaluates, each with its health.</summary>
    public async Task<IReadOnlyList<JsonNode>> RulesAsync() =>
        [.. (await GetAsync("rules"))["groups"]!.AsArray().SelectMany(group => group!["rules"]!.AsArray()).Select(rule => rule!)];

    protected override ServerProcess StartProcess() => ServerProcess.Start(
        Folder,
        Executable.Find("prometheus"),
        [
            $"--config.file={Path.Combine(Folder.Path, "prometheus.yml")}", $"--storage.tsdb.path={Path.Combine(Folder.Path, "data")}",
            $"--web.listen-address={Host}:{Port.ToString(CultureInfo.InvariantCulture)}",
        ],
        log: Log);

    protected override ValueTask DisposeBackendAsync()
    {
        _client.Dispose();
        return base.DisposeBackendAsync();
    }

    private static string Config(Uri target, string rules) => $"""
        global:
          scrape_interval: 1s
          evaluation_interval: 1s
        rule_files: [{JsonSerializer.Serialize(rules)}]
        scrape_configs:
          - job_name: caluma-healthz
            static_configs:
              - targets: ["{target.Authority}"]
                labels: {"{"} namespace: caluma {"}"}
        """;

    private async Task<JsonNode> GetAsync(string path)
    {
        using var answer = await _client.GetAsync(new Uri($"/api/v1/{path}", UriKind.Relative));
        var json = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        return answer.IsSuccessStatusCode ? json["data"]! : throw new InvalidOperationException($"{path}: {json["error"]}");
    }
}
