using Caluma.Healthz.Configuration;
using Caluma.Healthz.Runs;
using Microsoft.Extensions.DependencyInjection;

namespace Caluma.Healthz.Tests.Configuration;

/// <summary>Any setting is read without an exception, and no message shows a secret.</summary>
public sealed class ConfigurationSecretsTests
{
    private const string Canary = "c4n4ry";

    /// <summary>Valid and invalid settings, with the secret in the place of the <c>*</c>.</summary>
    private static readonly string[] _templates =
    [
        "Healthz__Databases__x=postgres://user:*@db/caluma",
        "Healthz__Databases__x=postgresql://user:*@db:5432/caluma?sslmode=require",
        "Healthz__Databases__x=postgres://db/caluma?user=user&password=*",
        "Healthz__Databases__x=mysql://user:*@db/caluma",
        "Healthz__Databases__x=Host=db;Username=user;Password=*",
        "Healthz__Databases__x=Host=db;Password=*;Database=caluma",
        "Healthz__Databases__x=Host=db;Password='*';Nonsense=1",
        "Healthz__Databases__x=user:*@db:5432/caluma",
        "Healthz__Databases=postgres://user:*@db/caluma",
        "DATABASE_PASSWORD=*",
        "DATABASE_HOST=postgres://user:*@db/caluma",
        "Healthz__Caches__x=redis://:*@cache/1",
        "Healthz__Caches__x=rediss://user:*@cache:6380",
        "Healthz__Caches__x=redis://cache/0?password=*",
        "Healthz__Caches__x=cache:6379,password=*",
        "Healthz__Caches__x=cache:6379,password=*,ssl=true,nonsense=1",
        "Healthz__Caches__x=cache:6379,user=user,password=*,abortConnect=false",
        "Healthz__Caches__x=user:*@cache:6379",
        "Healthz__Caches__x=memcached://user:*@cache:11211",
        "CACHE_LOCATION=redis://:*@cache/1",
        "CACHE_LOCATION=redis://:*@cache/1,redis://:*@replica/1",
        "Healthz__MediaStorage__ConnectionString=DefaultEndpointsProtocol=https;AccountName=account;AccountKey=*",
        "Healthz__MediaStorage__ConnectionString=DefaultEndpointsProtocol=https;AccountName=account;AccountKey=*;"
            + "EndpointSuffix=core.windows.net",
        "Healthz__MediaStorage__ConnectionString=BlobEndpoint=https://account.blob.core.windows.net/;SharedAccessSignature=sv=1&sig=*",
        "Healthz__MediaStorage__ConnectionString=BlobEndpoint=https://account.blob.core.windows.net/?sig=*",
        "Healthz__MediaStorage__ConnectionString=BlobEndpoint=https://user:*@account.blob.core.windows.net/",
        "Healthz__MediaStorage__ConnectionString=https://account.blob.core.windows.net/?sv=1&sig=*",
        "Healthz__MediaStorage__ServiceUri=https://account.blob.core.windows.net/?sv=1&sig=*",
        "Healthz__MediaStorage__ServiceUri=https://user:*@account.blob.core.windows.net/",
        "Healthz__History__ConnectionString=DefaultEndpointsProtocol=https;AccountName=account;AccountKey=*",
        "Healthz__History__ConnectionString=BlobEndpoint=https://account.blob.core.windows.net/;SharedAccessSignature=sv=1&sig=*",
        "Healthz__History__ServiceUri=https://account.blob.core.windows.net/?sv=1&sig=*",
        "AzureWebJobsStorage=DefaultEndpointsProtocol=https;AccountName=account;AccountKey=*",
        "AzureWebJobsStorage=*",
        "AzureWebJobsStorage__blobServiceUri=https://user:*@account.blob.core.windows.net/",
        "AzureWebJobsStorage__clientSecret=*",
        "AzureWebJobsStorage__accountName=AccountName=account;AccountKey=*",
        "HEALTHZ_FUNCTION_KEYS=*",
    ];

    private static readonly string[] _plain =
    [
        "ENABLE_HEALTHZ_ENDPOINT", "Healthz__Checks", "WATCHMAN_CHECKS", "Healthz__Timeout", "Healthz__MinInterval",
        "Healthz__Databases__x", "DATABASE_HOST", "DATABASE_PORT", "DATABASE_NAME", "DATABASE_USER", "DATABASE_PASSWORD",
        "Healthz__Caches__x", "CACHE_BACKEND", "CACHE_LOCATION",
        "Healthz__MediaStorage__ConnectionString", "Healthz__MediaStorage__ServiceUri",
        "Healthz__MediaStorage__Container", "MEDIA_STORAGE_SERVICE",
        "Healthz__Migrations__CalumaVersion", "Healthz__Migrations__PlanFile",
        "HEALTHZ_SCHEDULE", "Healthz__Schedule", "Healthz__Slo", "Healthz__Maintenance__x",
        "Healthz__History__ConnectionString", "Healthz__History__ServiceUri",
        "Healthz__History__Container", "Healthz__History__RetentionDays", "AzureWebJobsStorage", "AzureWebJobsStorage__blobServiceUri",
        "AzureWebJobsStorage__accountName", "AzureWebJobsStorage__credential",
        "AzureWebJobsStorage__clientId", "AzureWebJobsStorage__clientSecret",
    ];

    /// <summary>Characters with a meaning in URLs and connection strings, and additions of editors and secret stores.</summary>
    private static readonly string[] _pieces =
    [
        .. Enumerable.Range(' ', '~' - ' ').Select(code => (char)code).Where(code => !char.IsAsciiLetter(code)).Select(code => $"{code}"),
        "12", "0", "99999", "://", "%2F", "%00", "%zz", "==", ",,", "''", "=true",
        "\t", "\n", "\r\n", "\0", "\e[2J", "ß", "数", "😀", "\uD800", "\u202E", "\uFEFF",
    ];

    public static TheoryData<string> Templates => [.. _templates];

    [Theory]
    [MemberData(nameof(Templates))]
    public async Task A_secret_is_not_shown_with_any_beginning_or_separator(string template)
    {
        foreach (var piece in _pieces)
        {
            foreach (var secret in new[] { $"{piece}{Canary}", $"12{piece}{Canary}", $"{Canary}{piece}" })
            {
                await ReadAsync(template.Replace("*", secret, StringComparison.Ordinal));
            }
        }
    }

    [Fact]
    public async Task A_secret_is_not_shown_with_any_characters_in_it()
    {
        var random = new Random(20_261_122);
        for (var i = 0; i < 2000; i++)
        {
            var template = _templates[random.Next(_templates.Length)];
            await ReadAsync(template.Replace("*", Garbage(random, 4) + Canary + Garbage(random, 4), StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Any_setting_may_hold_anything()
    {
        var random = new Random(20_261_123);
        for (var i = 0; i < 2000; i++)
        {
            await ReadAsync([.. random.GetItems(_plain, random.Next(1, 4)).Select(name => $"{name}={Garbage(random, 12)}")]);
        }
    }

    private static string Garbage(Random random, int most) => string.Concat(random.GetItems(_pieces, random.Next(most + 1)));

    /// <summary>Reads settings, fails if any message has the canary, and builds the probe if they are valid.</summary>
    private static async Task ReadAsync(params string[] settings)
    {
        string[] all = ["CACHE_BACKEND=django_redis.cache.RedisCache", "CACHE_LOCATION=redis://cache", .. settings];
        try
        {
            var configuration = Settings.Read(all);
            Assert.DoesNotContain(Canary, string.Join('\n', SaidOf(configuration)), StringComparison.OrdinalIgnoreCase);
            if (configuration.Problems.Count == 0)
            {
                await using var services = new ServiceCollection().AddLogging().AddHealthz(configuration).BuildServiceProvider();
                services.GetRequiredService<IRunner>();
            }
        }
        catch (Exception exception)
        {
            Assert.Fail($"{string.Join(" | ", settings)}{Environment.NewLine}{exception}");
        }
    }

    private static IEnumerable<string?> SaidOf(HealthzConfiguration configuration) =>
    [
        .. configuration.Problems.Select(problem => $"{problem}"),
        .. configuration.Values.Select(value => $"{value}"),
        .. configuration.Remarks,
        .. configuration.Options.Databases.Select(database => $"{database}"),
        .. configuration.Options.Caches.Select(cache => $"{cache}"),
        $"{configuration.Options.MediaStorage}",
        $"{configuration.Options.History}",
        $"{configuration.Options.History?.Storage}",
        .. configuration.Options.Maintenance.Select(window => $"{window}"),
        $"{configuration.Options.Schedule}",
        $"{configuration.Options}",
        $"{configuration}",
    ];
}
