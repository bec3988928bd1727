using Caluma.Healthz;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.Functions;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;

var builder = FunctionsApplication.CreateBuilder(args);
var configuration = HealthzConfiguration.Read(builder.Configuration);
builder.Services.AddHealthz(configuration).AddColdStart();
Telemetry.AddIfEnabled(builder);

// Configuration problems must not stop the process: the Functions host would restart the worker until it gives up. The events are logged
// with each request and tick, because the host drops logs outside of an invocation; the worker's output is logged, too.
foreach (var notice in configuration.Notices)
{
    Console.Error.WriteLine(notice);
}

// The host silently disables a function whose trigger needs a missing setting.
if (configuration.Options.Enabled && string.IsNullOrWhiteSpace(builder.Configuration["HEALTHZ_SCHEDULE"]))
{
    Console.Error.WriteLine("error: HEALTHZ_SCHEDULE is not set, so nothing is recorded; expected NCRONTAB such as 0 * * * * *");
}

await builder.Build().RunAsync();
