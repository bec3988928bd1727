using Caluma.Healthz;
using Caluma.Healthz.Configuration;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;

var builder = FunctionsApplication.CreateBuilder(args);
var configuration = HealthzConfiguration.Read(builder.Configuration);
builder.Services.AddHealthz(configuration);

// What is wrong must not stop the process: the Functions host would start the worker again until it gives up. The events come with each
// request and tick, because the host drops those outside of an invocation; it does log what the worker prints.
foreach (var notice in configuration.Notices)
{
    Console.Error.WriteLine(notice);
}

// A trigger whose setting is missing costs that function, without a word of ours.
if (configuration.Options.Enabled && string.IsNullOrWhiteSpace(builder.Configuration["HEALTHZ_SCHEDULE"]))
{
    Console.Error.WriteLine("error: HEALTHZ_SCHEDULE is not set, so nothing is recorded; expected NCRONTAB such as 0 * * * * *");
}

await builder.Build().RunAsync();
