using System.Text;

var app = WebApplication.CreateBuilder(args).Build();
var body = Encoding.UTF8.GetBytes(app.Configuration["BODY"] ?? "");

// As long an answer as that of the probe, without anything that makes it.
app.Run(async context =>
{
    context.Response.ContentType = "application/json";
    context.Response.ContentLength = body.Length;
    await context.Response.Body.WriteAsync(body);
});
await app.RunAsync();
