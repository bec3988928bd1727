using System.Globalization;
using System.Text;
using System.Text.Json;
using Azure.Core;
using Caluma.Healthz.Checks;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.Recording;
using Caluma.Healthz.Runs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace Caluma.Healthz.Tests.Recording;

/// <summary>
/// Records runs as fast as it can, and prints the events. It is the program of a <see cref="RecordingProcess"/>, with the settings of the
/// probe.
/// </summary>
internal static class RecordingLoop
{
    /// <summary>The first argument; the others are the first tick and the number of ticks.</summary>
    public const string Command = "record";

    /// <summary>The line that it prints before it begins.</summary>
    public const string Ready = "ready";

    /// <summary>With the next tick far away, a record may take the maximal time.</summary>
    public const string Schedule = "0 0 0 * * *";

    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    public static async Task<int> RunAsync(string[] args)
    {
        var tick = DateTimeOffset.Parse(args[1], CultureInfo.InvariantCulture);
        var left = int.Parse(args[2], CultureInfo.InvariantCulture);
        var configuration = HealthzConfiguration.Read(new ConfigurationBuilder().AddEnvironmentVariables().Build());
        var runner = new Runner { Tick = tick };
        var log = FakeLogCollector.Create(
            new FakeLogCollectorOptions { OutputSink = Console.WriteLine, OutputFormatter = record => record.Message });
        using var provider = new FakeLoggerProvider(log);
        await using var services = new ServiceCollection()
            .AddLogging(logging => logging.AddProvider(provider))
            .AddHealthz(configuration)
            .Replace(ServiceDescriptor.Singleton<IRunner>(runner))
            .Replace(ServiceDescriptor.Singleton<TokenCredential>(new Identity()))
            .BuildServiceProvider();
        var recorder = services.GetRequiredService<Recorder>();
        Console.WriteLine(Ready);
        for (; left > 0; left--, runner.Tick += Interval)
        {
            await recorder.RecordAsync(runner.Tick, late: false, "test", CancellationToken.None);
            log.Clear();
        }

        return 0;
    }

    /// <summary>Five failures and five passes in turn, so that alerts are triggered and resolved all the time.</summary>
    private sealed class Runner : IRunner
    {
        public required DateTimeOffset Tick { get; set; }

        public Task<RunReport> RunAsync(CheckSet checks, Action? begun, CancellationToken cancellationToken) => Task.FromResult(
            new RunReport(
                checks, [new CheckResult(Check.Databases, "default", Interval, Tick.Second < 25 ? Reason.Timeout : null)], Tick, Interval));

        public RunReport Unanswered(CheckSet checks, TimeSpan waited) => throw new NotSupportedException();
    }

    /// <summary>Tokens that Azurite accepts, which does not verify their signature.</summary>
    private sealed class Identity : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            var now = DateTimeOffset.UtcNow;
            var token = string.Join('.', Part(new { alg = "none" }), Part(new
            {
                aud = "https://storage.azure.com",
                iss = "https://sts.windows.net/00000000-0000-0000-0000-000000000000/",
                iat = now.ToUnixTimeSeconds(),
                nbf = now.AddMinutes(-5).ToUnixTimeSeconds(),
                exp = now.AddHours(1).ToUnixTimeSeconds(),
            }), "signature");
            Console.WriteLine($"token scope={requestContext.Scopes.Single()}");
            return new AccessToken(token, now.AddHours(1));
        }

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            new(GetToken(requestContext, cancellationToken));

        private static string Part<T>(T value) =>
            Convert.ToBase64String(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(value)))
                .TrimEnd('=').Replace('+', '-').Replace('/', '_');
    }
}
