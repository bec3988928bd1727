using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Caluma.Healthz.Tests.Infra;

/// <summary>
/// The compiler as a server, one for the whole run: its start takes five seconds, a request then one. It speaks JSON-RPC with headers like
/// a language server, and ends with its input, at the latest with this process.
/// </summary>
internal static class BicepServer
{
    private const string ContentLength = "Content-Length: ";

    private static readonly SemaphoreSlim _turn = new(1);
    private static readonly Lazy<Process> _process = new(Start);
    private static int _calls;

    /// <summary>
    /// Calls a method (such as <c>bicep/getSnapshot</c> of
    /// https://github.com/Azure/bicep/tree/main/src/Bicep.RpcClient).
    /// </summary>
    /// <returns>Its result.</returns>
    /// <exception cref="InvalidOperationException">The answer is an error.</exception>
    public static async Task<JsonObject> CallAsync(string method, JsonObject request)
    {
        await _turn.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            var call = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = ++_calls, ["method"] = method, ["params"] = new JsonArray(request) };
            var body = Encoding.UTF8.GetBytes(call.ToJsonString());
            var input = _process.Value.StandardInput.BaseStream;
            await input.WriteAsync(Encoding.ASCII.GetBytes($"{ContentLength}{body.Length}\r\n\r\n"));
            await input.WriteAsync(body);
            await input.FlushAsync();
            var answer = await ReadAsync(_process.Value.StandardOutput.BaseStream);
            return answer["result"] as JsonObject ?? throw new InvalidOperationException($"{method}: {answer["error"]?.ToJsonString()}");
        }
        finally
        {
            _turn.Release();
        }
    }

    private static Process Start()
    {
        var process = BicepCompiler.Start(AppContext.BaseDirectory, "jsonrpc", "--stdio");
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        return process;
    }

    private static async Task<JsonObject> ReadAsync(Stream output)
    {
        var length = 0;
        while (await ReadLineAsync(output) is { Length: > 0 } header)
        {
            length = header.StartsWith(ContentLength, StringComparison.OrdinalIgnoreCase)
                ? int.Parse(header[ContentLength.Length..], CultureInfo.InvariantCulture)
                : length;
        }

        var body = new byte[length];
        await output.ReadExactlyAsync(body);
        return JsonNode.Parse(body)!.AsObject();
    }

    private static async Task<string> ReadLineAsync(Stream output)
    {
        var line = new StringBuilder();
        var next = new byte[1];
        do
        {
            await output.ReadExactlyAsync(next);
            line.Append((char)next[0]);
        }
        while (next[0] != '\n');

        return line.ToString().TrimEnd();
    }
}
