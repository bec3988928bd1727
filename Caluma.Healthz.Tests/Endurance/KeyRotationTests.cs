using System.Security.Cryptography;
using Caluma.Healthz.History;
using Caluma.Healthz.Runs;
using Caluma.Healthz.Tests.Deployments;
using Caluma.Healthz.Tests.Servers;
using Microsoft.Extensions.Logging.Testing;

namespace Caluma.Healthz.Tests.Endurance;

/// <summary>
/// A week of virtual time in which the role of the database, the password of the cache, and the key of the storage, which has the media and
/// the history, are new each day: first the new ones are valid besides the old ones, then the probe gets them, then the old ones end.
/// </summary>
[Slow]
public sealed class KeyRotationTests(Services services)
{
    private const int Days = 7;

    /// <summary>The runs with both keys valid and the old ones in use, then with the new ones, and after the end of the old ones.</summary>
    private const int Runs = 8;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_week_of_daily_rotation_fails_no_run_passes_none_with_a_revoked_key_and_loses_no_record()
    {
        var start = new DateTimeOffset(DateTime.UtcNow.Date, TimeSpan.Zero);
        var (clock, log, secrets) = (new EnduranceClock(start), new FakeLogCollector(), new List<string>());
        await using var caluma = await CalumaDeployment.CreateAsync(services);
        await using var redis = await RedisServer.StartNewAsync();
        await using var storage = await StorageProxy.StartAsync(await services.Azurite);
        var history = await services.CreateContainerAsync();
        var (cache, expected) = (redis.CreateDatabase(), new List<DateTimeOffset>());
        var (old, next) = (await AddAsync(), await AddAsync());
        for (var day = 0; day < Days; day++)
        {
            storage.Keys = [old.StorageKey, next.StorageKey];
            await RecordAsync(SettingsOf(old));
            await RecordAsync(SettingsOf(next));
            await RevokeAsync(old);
            storage.Keys = [next.StorageKey];
            await RecordAsync(SettingsOf(next));

            await using var late = new RotatedProbe(SettingsOf(old), clock, log);
            var report = await late.RunAsync();
            Assert.Equal(Enumerable.Repeat<Reason?>(Reason.Auth, 5), report.Results.Select(result => result.Reason));
            (old, next) = (next, await AddAsync());
        }

        await using var reader = new RotatedProbe(SettingsOf(old), clock, log);
        var days = Enumerable.Range(0, Days + 1).Select(day => DateOnly.FromDateTime(start.UtcDateTime).AddDays(day));
        var records = await reader.Get<RecordReader>()
            .ReadRangeAsync(days, DateTimeOffset.MinValue, DateTimeOffset.MaxValue, Cancel).ToListAsync(Cancel);
        Assert.Equal(Days * Runs * 3, expected.Count);
        Assert.Equal(expected, records.Select(record => record.Tick));
        Assert.All(records, record => Assert.True(record.Ok, $"{record.Tick}"));
        var said = log.GetSnapshot().Select(record => $"{record.Message} {record.Exception}").ToList();
        Assert.NotEmpty(said);
        Assert.DoesNotContain(secrets, secret => said.Any(line => line.Contains(secret, StringComparison.Ordinal)));
        await history.DeleteIfExistsAsync(cancellationToken: Cancel);

        async Task<Credentials> AddAsync()
        {
            var added = new Credentials(
                $"probe_{Guid.NewGuid():N}", $"pass-{Guid.NewGuid():N}", Convert.ToBase64String(RandomNumberGenerator.GetBytes(64)));
            secrets.AddRange([added.Password, added.StorageKey]);
            await caluma.Database.ExecuteAsync($"CREATE ROLE {added.Role} LOGIN SUPERUSER PASSWORD '{added.Password}'");
            await redis.ExecuteAsync("ACL", "SETUSER", "probe", "on", $">{added.Password}", "~*", "+@all");
            return added;
        }

        async Task RevokeAsync(Credentials ended)
        {
            await caluma.Database.ExecuteAsync($"DROP ROLE {ended.Role}");
            await redis.ExecuteAsync("ACL", "SETUSER", "probe", $"<{ended.Password}");
        }

        Dictionary<string, string?> SettingsOf(Credentials credentials) => new(caluma.Settings)
        {
            ["Healthz:Databases:default"] = caluma.Database.ConnectionStringFor(credentials.Role, credentials.Password),
            ["Healthz:Caches:default"] = cache.ConnectionStringFor("probe", credentials.Password),
            ["Healthz:MediaStorage:ConnectionString"] = storage.ConnectionStringWith(credentials.StorageKey),
            ["Healthz:History:ConnectionString"] = storage.ConnectionStringWith(credentials.StorageKey),
            ["Healthz:History:Container"] = history.Name,
            ["HEALTHZ_SCHEDULE"] = "0 0 * * * *",
        };

        async Task RecordAsync(Dictionary<string, string?> settings)
        {
            await using var probe = new RotatedProbe(settings, clock, log);
            for (var run = 0; run < Runs; run++)
            {
                var tick = start + TimeSpan.FromHours(expected.Count);
                clock.Set(tick);
                expected.Add(tick);
                await probe.RecordAsync(tick);
            }
        }
    }

    private sealed record Credentials(string Role, string Password, string StorageKey);
}
