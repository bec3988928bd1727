using Caluma.Healthz.Configuration;
using Caluma.Healthz.Http;
using Caluma.Healthz.Recording;
using Caluma.Healthz.Runs;

namespace Caluma.Healthz.Server.Serving;

/// <summary>The plain front door: ASP.NET Core around <see cref="HealthzSurface"/>.</summary>
internal static class HealthzServer
{
    private const int MaxBodySize = 1024;

    /// <param name="settings">The settings of the process, for logging and ASP.NET Core.</param>
    /// <param name="configuration">The configuration of the probe.</param>
    /// <param name="addresses">The addresses to listen on.</param>
    /// <param name="keys">The keys; null for a server that is open to all.</param>
    /// <param name="metrics">The address of <c>/metrics</c>; null for none.</param>
    /// <param name="time">The clock; null for that of the machine.</param>
    /// <param name="logging">Adds further log providers.</param>
    public static WebApplication Create(
        IConfiguration settings,
        HealthzConfiguration configuration,
        ListenAddresses addresses,
        FunctionKeys? keys,
        MetricsAddress? metrics = null,
        TimeProvider? time = null,
        params IEnumerable<ILoggerProvider> logging)
    {
        // Always Production: in Development ASP.NET Core answers with the text of an exception.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = Environments.Production });
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddConfiguration(settings);
        ConfigureLogging(builder.Logging);
        foreach (var provider in logging)
        {
            builder.Logging.AddProvider(provider);
        }

        builder.Services.AddSingleton(time ?? TimeProvider.System);
        builder.Services.AddHealthz(configuration);
        if (builder.Services.Any(service => service.ServiceType == typeof(RecorderLease)))
        {
            builder.Services.AddHostedService<RecordingService>();
        }

        Telemetry.Add(builder, toPrometheus: metrics is not null);

        // Runs in progress finish before the process ends.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = configuration.Options.Timeout + TimeSpan.FromSeconds(5));

        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestHeaderCount = 64;
            kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
            kestrel.Limits.MaxRequestBodySize = MaxBodySize;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        });

        var app = builder.Build();
        foreach (var url in addresses.Urls)
        {
            app.Urls.Add(url);
        }

        if (metrics is not null)
        {
            app.Urls.Add(metrics.Url);
            app.MapWhen(context => context.Connection.LocalPort == metrics.Port, other =>
                other.UseOpenTelemetryPrometheusScrapingEndpoint());
        }

        var surface = app.Services.GetRequiredService<HealthzSurface>();
        var runMetrics = app.Services.GetRequiredService<RunMetrics>();
        if (configuration.Options.Enabled)
        {
            app.MapWhen(
                context => context.Request.Path == "/" && (keys is null || keys.Allow(context.Request)),
                root => root.Run(context => WriteAsync(context, ServerPages.Root(context.Request))));
        }

        app.Run(context => AnswerAsync(context, surface, keys, runMetrics));
        ConfigurationLog.Write(
            app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Caluma.Healthz.Configuration"), configuration);
        return app;
    }

    private static void ConfigureLogging(ILoggingBuilder logging)
    {
        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
        });

        // Below Warning ASP.NET Core logs the query and the headers, and with them the key. Every rule is limited, because a setting for a
        // single provider overrides those for all providers.
        logging.Services.PostConfigure<LoggerFilterOptions>(filters =>
        {
            var rules = filters.Rules.Prepend(new LoggerFilterRule(null, null, filters.MinLevel, null)).ToList();
            filters.Rules.Clear();
            foreach (var rule in rules)
            {
                filters.Rules.Add(new LoggerFilterRule(
                    rule.ProviderName,
                    rule.CategoryName,
                    rule.LogLevel,
                    (provider, category, level) =>
                        (level >= LogLevel.Warning || category?.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal) is not true)
                        && rule.Filter?.Invoke(provider, category, level) is not false));
            }
        });
    }

    private static async Task AnswerAsync(HttpContext context, HealthzSurface surface, FunctionKeys? keys, RunMetrics metrics)
    {
        var request = context.Request;
        var needsKey = HealthzRoutes.Find(request.Path.Value ?? "") is not { NeedsKey: false };
        if (needsKey && keys is not null && !keys.Allow(request))
        {
            metrics.CountRefusedKey();
            await WriteAsync(context, ServerPages.Unauthorized(request));
            return;
        }

        if (request.ContentLength > MaxBodySize)
        {
            // No request body is read, so Kestrel need not limit it.
            context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            return;
        }

        var asked = new HealthzRequest(request.Method, request.Path, request.QueryString.Value ?? "", request.Headers.Accept.ToString());
        try
        {
            await WriteAsync(context, surface.AnswerAtOnce(asked) ?? await surface.AnswerAsync(asked, context.RequestAborted));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller has left.
        }
    }

    private static async Task WriteAsync(HttpContext context, HealthzResponse answer)
    {
        var response = context.Response;
        response.StatusCode = answer.StatusCode;
        response.ContentType = answer.ContentType;
        foreach (var (name, value) in answer.Headers)
        {
            response.Headers[name] = value;
        }

        if (!HttpMethods.IsHead(context.Request.Method))
        {
            response.ContentLength = answer.Body.Length;
            await response.Body.WriteAsync(answer.Body, CancellationToken.None);
        }
    }
}
