using System.Collections.Concurrent;
using System.Globalization;
using Caluma.Healthz.History;
using Caluma.Healthz.Tests.Pages;
using Caluma.Healthz.Tests.Servers;

[assembly: AssemblyFixture(typeof(Scenarios))]

namespace Caluma.Healthz.Tests.Pages;

/// <summary>A <see cref="DashboardServer"/> for each <see cref="Scenario"/> and the whole run, started when a test needs it.</summary>
public sealed class Scenarios : IAsyncDisposable
{
    public const int TargetsOfMany = 50;

    private readonly ConcurrentDictionary<Scenario, Lazy<Task<DashboardServer>>> _servers = [];

    /// <summary>Markup, quotes, right-to-left text, and long names without a place to break.</summary>
    public static IReadOnlyList<string> HostileNames { get; } =
    [
        "<script>alert(1)</script>",
        "\"'><img src onerror>&amp;",
        "מסד נתונים (1)",
        new string('x', 60),
        new string('W', 100),
    ];

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers.Values)
        {
            if (server is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
            {
                await (await server.Value).DisposeAsync();
            }
        }
    }

    internal Task<DashboardServer> ServerAsync(Services services, Scenario scenario) =>
        _servers.GetOrAdd(scenario, _ => new Lazy<Task<DashboardServer>>(() => StartAsync(services, scenario))).Value;

    private static bool IsIn(TimeSpan ago, double days, double hours) =>
        ago <= TimeSpan.FromDays(days) && ago > TimeSpan.FromDays(days) - TimeSpan.FromHours(hours);

    private static Reason? CacheFails(CheckRecord check, TimeSpan ago) =>
        check.Check == Check.Caches && (ago < TimeSpan.FromMinutes(45) || IsIn(ago, days: 6, hours: 3)) ? Reason.Connect : null;

    private static Task<DashboardServer> StartAsync(Services services, Scenario scenario) => scenario switch
    {
        Scenario.Healthy => DashboardServer.StartAsync(services, new InventedHistory()),
        Scenario.Failing => DashboardServer.StartAsync(services, new InventedHistory
        {
            Fails = CacheFails,
            Milliseconds = (check, ago) => check.Check == Check.DatabaseModels ? Math.Max(50, 3500 - (400 * ago.TotalDays)) : 5,
        },
        "Healthz__Name=staging",
        "Healthz__RunbookUrl=https://wiki.example.com/caluma",
        "Healthz__Maintenance__next=2026-11-24T22:00:00Z/2026-11-25T02:00:00Z"),
        Scenario.Empty => DashboardServer.StartAsync(services, history: null),
        Scenario.Stale => DashboardServer.StartAsync(services, new InventedHistory
        {
            Fails = (check, ago) => check.Check == Check.Caches && ago < TimeSpan.FromHours(4) ? Reason.Timeout : null,
            IsMissing = ago => ago < TimeSpan.FromHours(3),
        }),
        Scenario.Gap => DashboardServer.StartAsync(
            services, new InventedHistory { Length = TimeSpan.FromDays(20), IsMissing = ago => IsIn(ago, days: 12, hours: 120) }),
        Scenario.Maintenance => DashboardServer.StartAsync(services, new InventedHistory
        {
            Fails = (_, ago) => ago < TimeSpan.FromHours(1) ? Reason.Connect : null,
            IsMaintenance = ago => ago < TimeSpan.FromHours(1),
        }),
        Scenario.Many => DashboardServer.StartAsync(
            services,
            new InventedHistory
            {
                Schedule = "0 0 */4 * * *",
                Length = TimeSpan.FromDays(90),
                IsMissing = ago => Day(ago) % 5 == 1,
                IsMaintenance = ago => Day(ago) % 5 == 2,
                Fails = (_, ago) => Day(ago) % 5 == 3
                    || (Day(ago) % 5 == 4 && (InventedHistory.Now - ago).Hour == 0) ? Reason.Timeout : null,
            },
            ["Healthz__Slo=80", .. Enumerable.Range(4, TargetsOfMany - 3)
                .Select(target => string.Create(CultureInfo.InvariantCulture, $"Healthz__Databases__customer-{target:00}=Host=db"))]),
        Scenario.Hostile => DashboardServer.StartAsync(
            services,
            new InventedHistory
            {
                Fails = (check, ago) => check.Check == Check.Databases && ago < TimeSpan.FromHours(1) ? Reason.Auth : null,
            },
            [.. HostileNames.Select(name => $"Healthz__Databases__{name}=Host=db")]),
        _ => throw new ArgumentOutOfRangeException(nameof(scenario), scenario, null),
    };

    private static int Day(TimeSpan ago) => (int)ago.TotalDays;
}
