using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Caluma.Healthz.Tests.Infra;

[assembly: AssemblyFixture(typeof(KqlEngine))]

namespace Caluma.Healthz.Tests.Infra;

/// <summary>Checks queries with Microsoft's parser, and runs them over rows: eng/kql/kql.js.</summary>
public sealed class KqlEngine : IDisposable
{
    private readonly Lazy<Process> _process = new(Start);
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Checks a query, and runs it if it is valid.</summary>
    /// <param name="query">The query.</param>
    /// <param name="tables">Rows by table; other tables are empty.</param>
    /// <param name="without">Tables that the workspace lacks.</param>
    internal async Task<KqlResult> RunAsync(string query, JsonObject? tables = null, params string[] without)
    {
        await _turn.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            var process = _process.Value;
            var request = new JsonObject
            {
                ["query"] = query,
                ["tables"] = tables?.DeepClone() ?? new JsonObject(),
                ["without"] = new JsonArray([.. without]),
            };
            await process.StandardInput.WriteLineAsync(request.ToJsonString());
            var answer = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
            return answer is null
                ? throw new InvalidOperationException("The KQL parser ended by itself; the output of the tests has the reason.")
                : JsonSerializer.Deserialize<KqlResult>(answer, JsonSerializerOptions.Web)!;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose()
    {
        if (_process.IsValueCreated)
        {
            _process.Value.StandardInput.Close(); // The process ends with its input.
            _process.Value.Dispose();
        }

        _turn.Dispose();
    }

    private static Process Start()
    {
        var folder = Path.Combine(Repository.Root, "eng", "kql");
        return Directory.Exists(Path.Combine(folder, "node_modules"))
            ? Process.Start(new ProcessStartInfo(Executable.Find("node"), [Path.Combine(folder, "kql.js")])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            })!
            : throw Executable.Missing("the KQL parser (eng/kql/node_modules)");
    }
}
