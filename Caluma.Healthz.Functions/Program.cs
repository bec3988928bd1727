using Caluma.Healthz;
using Caluma.Healthz.Configuration;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;

var builder = FunctionsApplication.CreateBuilder(args);

// An invalid configuration must not stop the process: the Functions host would restart the worker until it gives up. It is
// logged with each request instead, because the host drops what is logged outside of an invocation, and said here, because
// the host logs what the worker prints.
var configuration = HealthzConfiguration.Read(builder.Configuration);
foreach (var remark in configuration.Remarks)
{
    Console.WriteLine(remark);
}

foreach (var problem in configuration.Options.Enabled ? configuration.Problems : [])
{
    Console.Error.WriteLine($"error: invalid configuration: {problem}");
}

// The trigger of the timer takes it from there alone, and a trigger that cannot be resolved costs that function without a word of ours.
if (configuration.Options.Enabled && string.IsNullOrWhiteSpace(builder.Configuration["HEALTHZ_SCHEDULE"]))
{
    Console.Error.WriteLine(
        "error: HEALTHZ_SCHEDULE is not set, so the timer does not load and nothing is recorded; expected an NCRONTAB expression such as 0 * * * * *");
}

builder.Services.AddHealthz(configuration);
await builder.Build().RunAsync();
