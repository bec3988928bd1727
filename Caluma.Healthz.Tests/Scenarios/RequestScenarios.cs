using Caluma.Healthz.Tests.Deployments;
using Caluma.Healthz.Tests.Forms;
using Caluma.Healthz.Tests.Http;
using Caluma.Healthz.Tests.Servers;
using static Caluma.Healthz.Tests.Scenarios.Scenario;

namespace Caluma.Healthz.Tests.Scenarios;

/// <summary>Requests and settings of checks, with healthy servers.</summary>
[Slow]
public class RequestScenarios(Services services)
{
    private const string DottedPath = "caluma.caluma_core.health_checks.check_";
    private const string MediaStorage = "media storage service";
    private const string Cache = "caches/default";
    private const string Migrations = "database migrations/default";
    private const string Database = "databases/default";
    private const string Models = "database models/default";

    private const string OfCaluma = "a matter of Caluma's own process";
    private const string ReadsAlone = "GET and HEAD alone";
    private const string ExactPaths = "Caluma's pattern matches anywhere in the path";
    private const string Whole = nameof(HealthzContractTests.The_report_of_a_healthy_Caluma_is_exactly_Calumas);
    private const string Headers = nameof(HealthzContractTests.Unknown_headers_change_nothing);
    private const string Filters = nameof(HealthzContractTests.Checks_can_be_selected_and_skipped);
    private const string EmptyFilters = nameof(HealthzContractTests.A_filter_that_leaves_no_check_is_answered_as_in_django_watchman);
    private const string OtherPaths = nameof(HealthzContractTests.Other_paths_are_not_found);

    private static readonly Report _noChecks = NoReport(404, "No checks found");

    internal static readonly ScenarioTable Recorded =
    [
        new("all-ok", Healthy) { TestedBy = Whole },
        new("accept-encoding-gzip", Healthy) { TestedBy = Headers },
        new("accept-language-de", Healthy) { TestedBy = Headers },
        new("bad-authorization-header", Healthy) { TestedBy = Headers },
        new("origin-header", Healthy) { TestedBy = Headers },

        new("accesslog-get", Healthy) { NotApplicable = OfCaluma },
        new("accesslog-post-empty-object", NoReport(500)) { NotApplicable = OfCaluma },
        new("accesslog-post-query", Healthy) { NotApplicable = OfCaluma },
        new("debug-mode-ok", Healthy) { NotApplicable = OfCaluma },
        new("host-allowed", Healthy) { NotApplicable = OfCaluma },
        new("host-not-allowed", NoReport(400)) { NotApplicable = OfCaluma },
        new("language-code-de", Healthy) { NotApplicable = OfCaluma },

        new("env-checks-two", Answer(200, [Cache, Database]))
        {
            Set = caluma => Check(caluma, "watchman.checks.databases,watchman.checks.caches"),
        },
        new("env-checks-two-filter-other", _noChecks)
        {
            Set = caluma => Check(caluma, "watchman.checks.databases,watchman.checks.caches"),
            Request = $"GET /healthz/?check={DottedPath}migrations",
        },
        new("env-checks-empty", _noChecks) { Set = caluma => Check(caluma, "") },
        new("env-checks-duplicate-and-blank", NoReport(500))
        {
            Differs = Answer(200, [Cache, Database]),
            Because = "a blank is no part of a name",
            Set = caluma => Check(caluma, "watchman.checks.databases,watchman.checks.databases, watchman.checks.caches"),
        },
        new("env-checks-unknown-name", NoReport(500))
        {
            Differs = Invalid,
            Because = "a wrong setting is found at start",
            Set = caluma => Check(caluma, "watchman.checks.nope"),
        },

        new("filter-check-databases", Answer(200, [Database])) { TestedBy = Filters },
        new("filter-check-each-caches", Answer(200, [Cache])) { TestedBy = Filters },
        new("filter-check-each-migrations", Answer(200, [Migrations])) { TestedBy = Filters },
        new("filter-check-each-models", Answer(200, [Models])) { TestedBy = Filters },
        new("filter-check-each-storage", Answer(200, [MediaStorage])) { TestedBy = Filters },
        new("filter-check-two", Answer(200, [Cache, Database])) { TestedBy = Filters },
        new("filter-check-and-skip", Answer(200, [Database])) { TestedBy = Filters },
        new("filter-check-and-skip-same", _noChecks)
        {
            Request = "GET /healthz/?check=watchman.checks.databases&skip=watchman.checks.databases",
        },
        new("filter-check-empty", _noChecks) { TestedBy = EmptyFilters },
        new("filter-check-key-name", _noChecks)
        {
            Differs = Answer(200, [Database]),
            Because = "the report's keys are names too",
            TestedBy = Filters,
        },
        new("filter-check-not-enabled", _noChecks) { TestedBy = EmptyFilters },
        new("filter-check-unknown", _noChecks) { TestedBy = EmptyFilters },
        new("filter-in-post-body", Healthy) { Differs = NoReport(405), Because = ReadsAlone, Request = "POST /healthz/" },
        new("filter-skip-empty", Healthy) { TestedBy = Filters },
        new("filter-skip-storage", Answer(200, [Cache, Migrations, Database, Models]))
        {
            Request = $"GET /healthz/?skip={DottedPath}media_storage_service",
        },
        new("filter-skip-two", Answer(200, [Migrations, Database, Models]))
        {
            Request = $"GET /healthz/?skip={DottedPath}media_storage_service&skip=watchman.checks.caches",
        },
        new("filter-skip-unknown", Healthy) { TestedBy = Filters },
        new("filter-unknown-german", _noChecks) { TestedBy = nameof(The_answer_is_the_same_in_every_language) },

        new("healthz-disabled", NoReport(404)) { Set = Disable },
        new("healthz-disabled-check-unknown", NoReport(404)) { Set = Disable, Request = "GET /healthz/?check=nope" },

        new("method-HEAD", NoReport(200)) { TestedBy = nameof(HealthzContractTests.HEAD_answers_like_GET_without_a_body) },
        new("method-DELETE", Healthy) { Differs = NoReport(405), Because = ReadsAlone, Request = "DELETE /healthz/" },
        new("method-OPTIONS", Healthy) { Differs = NoReport(405), Because = ReadsAlone, Request = "OPTIONS /healthz/" },
        new("method-PATCH", Healthy) { Differs = NoReport(405), Because = ReadsAlone, Request = "PATCH /healthz/" },
        new("method-POST", Healthy) { Differs = NoReport(405), Because = ReadsAlone, Request = "POST /healthz/" },
        new("method-PUT", Healthy) { Differs = NoReport(405), Because = ReadsAlone, Request = "PUT /healthz/" },

        new("path-no-slash", Healthy) { TestedBy = Whole },
        new("path-graphql-healthz", NoReport(400)) { Differs = NoReport(404), Because = "there is no GraphQL", TestedBy = OtherPaths },
        new("path-prefix", Healthy) { Differs = NoReport(404), Because = ExactPaths, TestedBy = OtherPaths },
        new("path-prefix-glued", Healthy) { Differs = NoReport(404), Because = ExactPaths, TestedBy = OtherPaths },
        new("path-root", NoReport(404)) { Request = "GET /" },
        new("path-suffix-glued", Healthy) { Differs = NoReport(404), Because = ExactPaths, TestedBy = OtherPaths },
    ];

    public static TheoryData<string> Arranged => Recorded.Arranged;

    [Theory]
    [MemberData(nameof(Arranged))]
    public Task The_probe_answers_as_Caluma_did_or_better(string scenario) => Arrangement.TestAsync(services, Recorded[scenario]);

    [Fact]
    public async Task The_answer_is_the_same_in_every_language()
    {
        await using var caluma = await Arrangement.CreateAsync(services);
        await using var probe = await caluma.StartProbeAsync();
        probe.Client.DefaultRequestHeaders.Add("Accept-Language", "de");

        await Arrangement.AssertAsync(Recorded["filter-unknown-german"] with { Request = "GET /healthz/?check=nope" }, probe);
    }

    private static void Check(Arrangement caluma, string checks) => caluma.Settings["WATCHMAN_CHECKS"] = checks;

    private static void Disable(Arrangement caluma) => caluma.Settings["ENABLE_HEALTHZ_ENDPOINT"] = "false";

    [Slow]
    [Native]
    public sealed class Native(Services services) : RequestScenarios(services);
}
