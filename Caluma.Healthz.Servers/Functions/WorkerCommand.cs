using System.Globalization;
using System.Text.Json.Nodes;

namespace Caluma.Healthz.Servers.Functions;

/// <summary>The command line of a worker.</summary>
internal static class WorkerCommand
{
    /// <summary>The program of an app, from the worker.config.json that the worker's SDK writes.</summary>
    public static string AssemblyOf(string app)
    {
        var config = JsonNode.Parse(File.ReadAllText(Path.Combine(app, "worker.config.json")))!;
        return Path.Combine(app, (string)config["description"]!["defaultWorkerPath"]!);
    }

    /// <summary>RpcWorkerContext.GetFormattedArguments of the host: each argument twice, under its old and its new name.</summary>
    /// <param name="grpc">The address of the host.</param>
    /// <param name="id">The id of the worker.</param>
    public static IReadOnlyList<string> Arguments(Uri grpc, string id)
    {
        var (port, length) = (grpc.Port.ToString(CultureInfo.InvariantCulture), int.MaxValue.ToString(CultureInfo.InvariantCulture));
        return
        [
            "--host", grpc.Host, "--port", port, "--workerId", id, "--requestId", id, "--grpcMaxMessageLength", length,
            "--functions-uri", grpc.AbsoluteUri, "--functions-worker-id", id,
            "--functions-request-id", id, "--functions-grpc-max-message-length", length,
        ];
    }
}
