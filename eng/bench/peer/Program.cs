var builder = WebApplication.CreateBuilder(args);
var timeout = TimeSpan.FromSeconds(2);
builder.Services.AddHealthChecks()
    .AddNpgSql(builder.Configuration["DATABASE"]!, timeout: timeout)
    .AddRedis(builder.Configuration["CACHE"]!, timeout: timeout);

var app = builder.Build();
app.MapHealthChecks("/health");
await app.RunAsync();
