using System.CommandLine;
using System.Net.Sockets;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;
using Caluma.Healthz.Server.Serving;

namespace Caluma.Healthz.Server.Commands;

/// <summary><c>serve</c>: answers over HTTP until it is stopped.</summary>
internal static class ServeCommand
{
    private const string KeysSetting = "HEALTHZ_FUNCTION_KEYS";
    private const string ViewKeysSetting = "HEALTHZ_VIEW_KEYS";

    public static Command Create(IConfiguration settings)
    {
        var urls = new Option<string>("--urls")
        {
            Description = "The addresses to listen on, separated by semicolons",
            DefaultValueFactory = _ => "http://127.0.0.1:7071",
        };
        var noAuth = new Option<bool>("--no-auth") { Description = "Ask for no key; only on loopback addresses" };
        var metrics = new Option<string?>("--metrics")
        {
            Description = "The address of /metrics for Prometheus, without a key, such as http://127.0.0.1:9090",
        };
        var command = new Command("serve", $"Answer /healthz over HTTP. The keys are in {KeysSetting}, separated by commas.")
        {
            urls, noAuth, metrics,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            settings,
            parsed.GetValue(urls)!,
            parsed.GetValue(noAuth),
            parsed.GetValue(metrics),
            parsed.InvocationConfiguration.Error,
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        IConfiguration settings, string urls, bool noAuth, string? metrics, TextWriter error, CancellationToken cancellationToken)
    {
        var configuration = HealthzConfiguration.Read(settings);
        if (configuration.Options.Enabled && HealthzCommandLine.WriteProblems(configuration, error))
        {
            return ExitCode.Invalid;
        }

        if (configuration.Options.Enabled && FolderCheck.Find(configuration.Options) is { } folder)
        {
            return await RefuseAsync($"{folder}");
        }

        if (ListenAddresses.Parse(urls, out var problem) is not { } addresses)
        {
            return await RefuseAsync($"--urls {problem}");
        }

        if (settings.GetSection("Kestrel:Endpoints").GetChildren().Any())
        {
            // Kestrel would listen there instead, even beyond loopback.
            return await RefuseAsync("Kestrel__Endpoints is set, which the server does not read; expected the addresses in --urls");
        }

        MetricsAddress? metricsAddress = null;
        if (metrics is not null && (metricsAddress = MetricsAddress.Parse(metrics, addresses, out problem)) is null)
        {
            return await RefuseAsync($"--metrics {problem}");
        }

        var keys = new FunctionKeys(settings[KeysSetting], settings[ViewKeysSetting]);
        if (noAuth && !addresses.AreLoopback)
        {
            return await RefuseAsync("--no-auth allows loopback addresses only: anyone who reaches another one could run the checks");
        }

        if (!noAuth && keys.IsEmpty)
        {
            return await RefuseAsync(
                $"{KeysSetting} is not set; expected one or more keys, separated by commas (or --no-auth on a loopback address)");
        }

        if (keys.HasKeyInBoth)
        {
            return await RefuseAsync(
                $"{ViewKeysSetting} holds a key that is in {KeysSetting} too; expected keys of its own, which open the badge and the bare "
                    + "status alone");
        }

        await using var server = HealthzServer.Create(settings, configuration, addresses, noAuth ? null : keys, metricsAddress);
        try
        {
            await server.StartAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or SocketException or InvalidOperationException)
        {
            // The port is taken or not permitted, or there is no certificate for https.
            return await RefuseAsync($"--urls holds {urls}, on which the server cannot listen: {exception.Message}");
        }

        await server.WaitForShutdownAsync(cancellationToken);
        return ExitCode.Healthy;

        async Task<int> RefuseAsync(string message)
        {
            await error.WriteLineAsync(message);
            return ExitCode.Invalid;
        }
    }
}
