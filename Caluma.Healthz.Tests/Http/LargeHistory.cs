using Caluma.Healthz.History;
using Caluma.Healthz.Tests.Servers;
using Caluma.Healthz.Tests.Trends;

namespace Caluma.Healthz.Tests.Http;

/// <summary>A day's log of 40 MB: more than all the buffers between the storage and a caller can hold.</summary>
public sealed class LargeHistory(Services services) : IAsyncLifetime
{
    private const int Targets = 100;

    internal static DateTimeOffset Day { get; } = new(2026, 11, 21, 0, 0, 0, TimeSpan.Zero);

    internal WrittenHistory History { get; private set; } = null!;

    /// <summary>How many bytes the log has.</summary>
    internal long Size { get; private set; }

    public async ValueTask InitializeAsync()
    {
        CheckRecord[] checks = [.. Enumerable.Range(0, Targets).Select(target => new CheckRecord(Check.Databases, $"database-{target}", Ok: true, 1.25))];
        History = await AzuriteHistory.CreateAsync(services, Day.AddDays(1), "Healthz__Schedule=*/10 * * * * *");
        await History.AppendAsync(History.Run(Day, Day.AddHours(18), _ => checks));
        Size = await History.SizeAsync("records/");
        Assert.InRange(Size, 40_000_000, long.MaxValue);
    }

    public ValueTask DisposeAsync() => History.DisposeAsync();
}
