using Caluma.Healthz.Tests.Forms;
using Caluma.Healthz.Tests.Servers;
using static Caluma.Healthz.Tests.Scenarios.Scenario;

namespace Caluma.Healthz.Tests.Scenarios;

/// <summary>Like Caluma 9.3.3, the probe expects the migrations of that release here.</summary>
[Slow]
public class MigrationScenarios(Services services)
{
    private const string Migrations = "database migrations/default";

    internal static readonly ScenarioTable Recorded =
    [
        new("migrations-ahead", Healthy)
        {
            Arrange = caluma => ExecuteAsync(
                caluma,
                """
                INSERT INTO django_migrations (app, name, applied)
                VALUES ('caluma_form', '9999_from_the_future', now()), ('gone_app', '0001_initial', now())
                """),
        },
        new("migrations-behind", Failing(Migrations))
        {
            Reason = Reason.Behind,
            Arrange = caluma => ExecuteAsync(caluma, "DELETE FROM django_migrations WHERE app = 'caluma_form' AND name > '0044'"),
        },
        new("migrations-behind-contenttypes", Failing(Migrations))
        {
            Reason = Reason.Behind,
            Arrange = caluma => ExecuteAsync(caluma, "DELETE FROM django_migrations WHERE name = '0002_remove_content_type_name'"),
        },
        new("migrations-table-missing", Failing(Migrations))
        {
            Reason = Reason.Missing,
            Arrange = caluma => ExecuteAsync(caluma, "DROP TABLE django_migrations"),
        },
    ];

    public static TheoryData<string> Arranged => Recorded.Arranged;

    [Theory]
    [MemberData(nameof(Arranged))]
    public Task The_probe_answers_as_Caluma_did(string scenario) => Arrangement.TestAsync(services, Recorded[scenario]);

    private static Task ExecuteAsync(Arrangement caluma, string sql)
    {
        caluma.Settings["Healthz:Migrations:CalumaVersion"] = "9.3.3";
        return caluma.Database.ExecuteAsync(sql);
    }

    [Slow]
    [Native]
    public sealed class Native(Services services) : MigrationScenarios(services);
}
