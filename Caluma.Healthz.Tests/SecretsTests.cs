using System.Globalization;
using System.Net;
using System.Text;
using Caluma.Healthz.History;
using Caluma.Healthz.Recording;
using Caluma.Healthz.Tests.Deployments;
using Caluma.Healthz.Tests.History;
using Caluma.Healthz.Tests.Recording;
using Caluma.Healthz.Tests.Server;
using Caluma.Healthz.Tests.Server.Commands;
using Caluma.Healthz.Tests.Server.Serving;
using Caluma.Healthz.Tests.Servers;
using Microsoft.Extensions.Logging.Testing;

namespace Caluma.Healthz.Tests;

/// <summary>
/// Puts a canary into every password and key, on healthy targets and on targets that fail in every way, with all logs on, and looks for it
/// in all answers, logs and output.
/// </summary>
[Slow(IsLong = true)]
public sealed class SecretsTests(Services services) : IAsyncLifetime
{
    private const string Canary = "c4n4ry";
    private const string Password = $"{Canary}-password";
    private const string FirstKey = $"{Canary}-key-1";
    private const string SecondKey = $"{Canary}-key-2";

    /// <summary>Base64, like keys of a storage account.</summary>
    private const string AccountKey = $"{Canary}AccountKey{Canary}XX";

    private const string Signature = $"sv=2025-05-05&ss=b&srt=sco&sp=rwdlac&se=2099-01-01&sig={Canary}%2B";

    private static readonly string[] _methods = ["GET", "HEAD", "POST"];

    private readonly PortReservation _nobody = new();
    private readonly string _role = $"canary_{Guid.NewGuid():N}";
    private CalumaDeployment _deployment = null!;
    private RedisServer _redis = null!;
    private PostgresServer _postgres = null!;
    private AzuriteServer _azurite = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _postgres = await services.Postgres;
        _azurite = await services.Azurite;
        _redis = await RedisServer.StartNewAsync(new RedisOptions { Password = Password });
        _deployment = await CalumaDeployment.CreateAsync(services);
        await _postgres.ExecuteAsync($"CREATE ROLE {_role} LOGIN SUPERUSER PASSWORD '{Password}'");

        var (pg, redis, database) = ($"127.0.0.1:{_postgres.Port}", $"127.0.0.1:{_redis.Port}", _deployment.Database.Name);
        Set("Healthz:Databases:default", _deployment.Database.ConnectionStringFor(_role, Password));
        Set("Healthz:Databases:url", $"postgres://{_role}:{Password}@{pg}/{database}");
        Set("Healthz:Databases:wrong", $"postgres://{_role}:{Password}-wrong@{pg}/{database}");
        Set("Healthz:Databases:missing", $"postgres://{_role}:{Password}@{pg}/{Guid.NewGuid():N}");
        Set("Healthz:Databases:tls", $"postgres://{_role}:{Password}@{pg}/{database}?sslmode=require");
        Set("Healthz:Databases:down", $"postgres://{_role}:{Password}@127.0.0.1:{_nobody.Port}/{database}");
        Set("Healthz:Databases:dns", $"postgres://{_role}:{Password}@nowhere.invalid/{database}");
        Set("Healthz:Databases:redis", $"postgres://{_role}:{Password}@{redis}/{database}");
        Set("Healthz:Caches:default", _redis.ConnectionString());
        Set("Healthz:Caches:url", $"redis://:{Password}@{redis}/1");
        Set("Healthz:Caches:wrong", $"redis://:{Password}-wrong@{redis}");
        Set("Healthz:Caches:user", $"redis://{Canary}:{Password}@{redis}");
        Set("Healthz:Caches:tls", $"rediss://:{Password}@{redis}");
        Set("Healthz:Caches:down", $"127.0.0.1:{_nobody.Port},password={Password}");
        Set("Healthz:Caches:dns", $"redis://:{Password}@nowhere.invalid");
        Set("Healthz:Caches:postgres", $"redis://:{Password}@{pg}");
        _deployment.Timeout = TimeSpan.FromSeconds(5);
        Set("Healthz:MinInterval", "00:05:00");
        Set("HEALTHZ_FUNCTION_KEYS", $"{FirstKey},{SecondKey}");
        foreach (var provider in new[] { "", "Fake:" })
        {
            foreach (var category in new[] { "Default", "Microsoft", "Microsoft.AspNetCore", "Microsoft.AspNetCore.Hosting.Diagnostics",
                "Microsoft.AspNetCore.Server.Kestrel", "Npgsql", "StackExchange.Redis", "Azure" })
            {
                Set($"Logging:{provider}LogLevel:{category}", "Trace");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _redis.DisposeAsync();
        await _deployment.DisposeAsync();
        await _postgres.ExecuteAsync($"DROP ROLE {_role}");
        _nobody.Dispose();
    }

    [Theory]
    [InlineData("well", "caches,databases,media storage service", "reason=auth")]
    [InlineData("wrong key", "media storage service", "reason=permission")]
    [InlineData("wrong signature", "media storage service", "reason=permission")]
    [InlineData("TLS", "media storage service", "reason=tls")]
    [InlineData("down", "media storage service", "reason=connect")]
    public async Task No_secret_is_in_an_answer_a_log_or_the_output_of_a_command(string mediaStorage, string checks, string reason)
    {
        Set("Healthz:Checks", checks);
        var withCanary = _azurite.ConnectionStringWith(AccountKey);
        Set("Healthz:MediaStorage:ConnectionString", mediaStorage switch
        {
            "well" => _azurite.ConnectionString,
            "wrong key" => withCanary,
            "wrong signature" => $"BlobEndpoint={_azurite.ServiceUri};SharedAccessSignature={Signature}",
            "TLS" => withCanary.Replace("http:", "https:", StringComparison.Ordinal),
            _ => withCanary.Replace($":{_azurite.Port}/", $":{_nobody.Port}/", StringComparison.Ordinal),
        });

        var said = await SaidAsync();

        Assert.Contains(reason, said, StringComparison.Ordinal);
        AssertNoSecret(said);
    }

    [Fact]
    public async Task No_secret_is_in_the_problems_of_an_invalid_configuration()
    {
        Set("Healthz:MediaStorage:ConnectionString", $"BlobEndpoint=nonsense;AccountKey={AccountKey}");
        Set("Healthz:Databases:default", $"Host=db;Password={Password};nonsense");
        Set("Healthz:Databases:url", $"postgres://user:12#{Password}@db");
        Set("Healthz:Caches:default", $"cache:6379,password=12,{Password}");
        Set("Healthz:Caches:url", $"redis://user:12/{Password}@cache");

        var said = await SaidAsync();

        Assert.Contains("HealthzConfigurationInvalid count=5", said, StringComparison.Ordinal);
        AssertNoSecret(said);
    }

    [Fact]
    public async Task No_secret_is_on_the_console_of_a_server_with_all_logs_on()
    {
        // Its shell takes no variable with a dot in its name.
        foreach (var dotted in _deployment.Settings.Keys.Where(key => key.Contains('.')).ToList())
        {
            _deployment.Settings.Remove(dotted);
        }

        Set("Logging:Console:LogLevel:Default", "Trace");
        Set("Logging:Console:FormatterOptions:IncludeScopes", "true");
        using var port = new PortReservation();
        var url = new Uri($"http://127.0.0.1:{port.Port}");
        await using var process = await HealthzProcess.StartAsync(_deployment.Settings, ["serve", "--urls", $"{url}"]);
        await process.UntilLoggedAsync("Application started");
        using var client = new HttpClient { BaseAddress = url };

        await AskAsync(client);
        process.Send(Signal.Terminate);
        await process.UntilEndedAsync();

        Assert.Contains("HealthzRunCompleted", $"{process.Log}", StringComparison.Ordinal);
        AssertNoSecret($"{process.Log}");
    }

    [Theory]
    [InlineData("well", "HealthzRunRecorded")]
    [InlineData("wrong key", "HealthzRecordFailed reason=permission")]
    [InlineData("wrong host", "HealthzRecordFailed reason=dns")]
    [InlineData("wrong signature", "HealthzRecordFailed reason=permission")]
    [InlineData("TLS", "HealthzRecordFailed reason=tls")]
    [InlineData("down", "HealthzRecordFailed reason=connect")]
    public async Task No_secret_of_the_history_is_in_a_log_an_exception_or_the_history(string storage, string expected)
    {
        var withCanary = _azurite.ConnectionStringWith(AccountKey);
        var connectionString = storage switch
        {
            "well" => _azurite.ConnectionString,
            "wrong key" => withCanary,
            "wrong host" => $"BlobEndpoint=https://nowhere.invalid;SharedAccessSignature={Signature}",
            "wrong signature" => $"BlobEndpoint={_azurite.ServiceUri};SharedAccessSignature={Signature}",
            "TLS" => withCanary.Replace("http:", "https:", StringComparison.Ordinal),
            _ => withCanary.Replace($":{_azurite.Port}/", $":{_nobody.Port}/", StringComparison.Ordinal),
        };
        var said = new StringBuilder();
        await using (var probe = new RecordedProbe(_deployment.Container, connectionString))
        {
            await probe.Get<RecorderLease>().TryHoldAsync(Cancel);
            await probe.TickAsync(2);
            await probe.Get<RecorderLease>().ReleaseAsync();
            said.Append(await Record.ExceptionAsync(() =>
                new RecordLog(probe.Get<IHistoryStorage>()).AppendAsync([Records.At(Records.Noon)], Cancel)));
            await probe.Get<RunJournal>().DisposeAsync();
            foreach (var record in probe.Log.GetSnapshot())
            {
                Write(said, record);
            }
        }

        await foreach (var blob in _deployment.Container.GetBlobsAsync(cancellationToken: Cancel))
        {
            said.AppendLine((await _deployment.Container.GetBlobClient(blob.Name).DownloadContentAsync(Cancel)).Value.Content.ToString());
        }

        Set("Healthz:History:ConnectionString", connectionString);
        said.Append(await CommandLine.RunAsync(_deployment.Configuration(), "config"));

        Assert.Contains(expected, $"{said}", StringComparison.Ordinal);
        AssertNoSecret($"{said}");
    }

    /// <summary>All answers, logs and output of commands.</summary>
    private async Task<string> SaidAsync()
    {
        var said = new StringBuilder();
        var settings = _deployment.Configuration();
        await using (var probe = await RunningProbe.StartAsync(settings, FirstKey))
        {
            said.Append(await AskAsync(probe.Client));
            foreach (var record in probe.Log.GetSnapshot())
            {
                Write(said, record);
            }
        }

        foreach (var command in new[] { "check", "check --format json", "migrations", "config" })
        {
            said.AppendLine(CultureInfo.InvariantCulture, $"{await CommandLine.RunAsync(settings, command.Split(' '))}");
        }

        return said.ToString();
    }

    /// <summary>Sends valid and invalid keys in every place of valid and invalid requests, and returns the answers.</summary>
    private static async Task<string> AskAsync(HttpClient client)
    {
        var answers = new StringBuilder();
        foreach (var path in new[] { "/healthz/", "/healthz/bare", "/healthz/ping",
            $"/healthz/{Canary}", "/healthz/?check=nope", "/healthz/?check=databases" })
        {
            foreach (var method in _methods)
            {
                foreach (var key in new[] { FirstKey, SecondKey, $"{Canary}-wrong" })
                {
                    using var header = new HttpRequestMessage(new HttpMethod(method), path);
                    header.Headers.Add("x-functions-key", key);
                    using var query = new HttpRequestMessage(new HttpMethod(method), $"{path}{(path.Contains('?') ? '&' : '?')}code={key}");
                    foreach (var request in new[] { header, query })
                    {
                        using var response = await client.SendAsync(request, Cancel);
                        answers.AppendLine(CultureInfo.InvariantCulture, $"{response}")
                            .AppendLine(await response.Content.ReadAsStringAsync(Cancel));
                    }
                }
            }
        }

        foreach (var request in new[]
        {
            $"GET /healthz/?code={FirstKey} HTTP/9.9\r\n\r\n",
            $"GET /healthz/?code={FirstKey}\0 HTTP/1.1\r\n\r\n",
            $"GET /healthz/?code={FirstKey}\r\n\r\n",
            $"GET /healthz\0/?code={FirstKey} HTTP/1.1\r\nHost: a\r\n\r\n",
            $"GET http://b/healthz/?code={FirstKey} HTTP/1.1\r\nHost: a\r\n\r\n",
            $"GET /healthz/?code={FirstKey} HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
            $"GET /healthz/?code={FirstKey} HTTP/1.1\r\nx-functions-key: {FirstKey}\0\r\n\r\n",
            $"GET /healthz/?code={FirstKey} HTTP/1.1\r\nx-functions-key {FirstKey}\r\n\r\n",
            $"GET /healthz/?code={FirstKey} HTTP/1.1\r\nHost: a\r\nContent-Length: {FirstKey}\r\n\r\n",
            $"GET /healthz/?code={FirstKey} HTTP/1.1\r\nHost: {FirstKey}/\r\n\r\n",
            $"{FirstKey}\r\n\r\n",
        })
        {
            var answer = await RawHttp.SendAsync(client.BaseAddress!, request);
            Assert.InRange(answer.Status, 400, 505);
            answers.AppendLine(CultureInfo.InvariantCulture, $"{answer}");
        }

        return answers.ToString();
    }

    private static void Write(StringBuilder said, FakeLogRecord record)
    {
        said.AppendLine(CultureInfo.InvariantCulture, $"{record.Category} {record.Level} {record.Id} {record.Message} {record.Exception}");
        foreach (var (name, value) in record.StructuredState ?? [])
        {
            said.AppendLine(CultureInfo.InvariantCulture, $"  {name}={value}");
        }

        foreach (var scope in record.Scopes)
        {
            said.AppendLine(CultureInfo.InvariantCulture, $"  scope {scope}");
        }
    }

    private void AssertNoSecret(string said)
    {
        Assert.DoesNotContain(Canary, said.Replace($"/healthz/{Canary}", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(_azurite.AccountKey, said, StringComparison.Ordinal);
    }

    private void Set(string name, string value) => _deployment.Settings[name] = value;
}
