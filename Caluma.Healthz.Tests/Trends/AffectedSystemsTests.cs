using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Tests.Trends;

/// <summary>Which systems fail for one cause, and why.</summary>
public sealed class AffectedSystemsTests
{
    [Fact]
    public void The_reason_is_the_most_frequent_one_of_its_own_failures() => Assert.Equal(
        Reason.Connect,
        Databases("a").ReasonIn(Runs.At(
            "12:00",
            Runs.Failed(Check.Databases, "a", Reason.Auth),
            Runs.Failed(Check.DatabaseMigrations, "a"),
            Runs.Failed(Check.DatabaseModels, "a"),
            Runs.Failed(Check.Databases, "b", Reason.Full),
            Runs.Failed(Check.DatabaseMigrations, "b", Reason.Full),
            Runs.Failed(Check.DatabaseModels, "b", Reason.Full))));

    [Fact]
    public void Checks_that_pass_have_no_reason() => Assert.Equal(
        Reason.Connect,
        Databases("a").ReasonIn(Runs.At(
            "12:00",
            Runs.Passed(Check.Databases, "a"),
            Runs.Passed(Check.DatabaseMigrations, "a"),
            Runs.Failed(Check.DatabaseModels, "a"))));

    [Fact]
    public void Of_reasons_that_are_equally_frequent_that_of_the_login_counts() => Assert.Equal(
        Reason.Auth,
        Databases("a").ReasonIn(Runs.At(
            "12:00", Runs.Failed(Check.DatabaseModels, "a"), Runs.Failed(Check.Databases, "a", Reason.Auth))));

    [Fact]
    public void The_login_counts_also_where_other_checks_fail_for_its_reason() => Assert.Equal(
        Reason.Auth,
        Databases("a", "b").ReasonIn(Runs.At(
            "12:00",
            Runs.Failed(Check.DatabaseModels, "a"),
            Runs.Failed(Check.DatabaseModels, "b"),
            Runs.Failed(Check.Databases, "a", Reason.Auth),
            Runs.Failed(Check.DatabaseMigrations, "a", Reason.Auth))));

    [Fact]
    public void A_system_that_does_not_fail_has_an_unknown_reason() =>
        Assert.Equal(Reason.Unknown, Databases("a").ReasonIn(Runs.At("12:00", Runs.Passed(Check.Databases, "a"))));

    [Fact]
    public void The_reason_of_the_probe_is_that_of_all() => Assert.Equal(
        Reason.Dns,
        new AffectedSystems([AffectedSystem.Probe], []).ReasonIn(
            Runs.At("12:00", Runs.Failed(Check.Caches, "a", Reason.Dns), Runs.Failed(Check.MediaStorageService, "b", Reason.Dns))));

    [Theory]
    [InlineData(nameof(Reason.Timeout), 1)]
    [InlineData(nameof(Reason.Dns), 1)]
    [InlineData(nameof(Reason.Connect), 1)]
    [InlineData(nameof(Reason.Auth), 2)]
    public void Three_systems_of_two_kinds_that_the_network_cuts_off_have_one_cause(string name, int causes)
    {
        var reason = Enum.Parse<Reason>(name);

        Assert.Equal(causes, Causes(("a", reason), ("b", reason), (null, reason)));
    }

    [Fact]
    public void Two_systems_of_two_kinds_have_two_causes() => Assert.Equal(2, Causes(("a", Reason.Connect), (null, Reason.Connect)));

    [Fact]
    public void Three_systems_of_one_kind_have_the_cause_of_the_others_of_that_kind() =>
        Assert.Equal(1, Causes(("a", Reason.Connect), ("b", Reason.Connect), ("c", Reason.Connect), ("d", Reason.Auth)));

    [Fact]
    public void A_group_has_the_alerts_of_all()
    {
        var merged = AffectedSystems.Merge([Affected("a"), Affected("b")]);

        Assert.Equal(new AffectedSystem("databases", "databases"), merged.System);
        Assert.Equal(["a", "b"], merged.Alerts.Select(alert => alert.Target));
    }

    [Fact]
    public void An_id_has_the_alias_where_all_of_its_signs_may_be_in_an_address() => Assert.Equal(
        "database-a-b.c_d-20261122T120000Z-ticket", new AffectedSystem("database", "a-b.c_d").IdOf(Story.Noon, Severity.Warning));

    /// <summary>Counts the causes of failing databases and, where the alias is null, a cache.</summary>
    private static int Causes(params (string? Database, Reason Reason)[] failing)
    {
        var record = Runs.At("12:00", [.. failing.Select(
            one => Runs.Failed(one.Database is null ? Check.Caches : Check.Databases, one.Database ?? "cache", one.Reason))]);
        var affected = AffectedSystems.Of(record.Checks.Select(check =>
            new Alert(AlertRule.Unavailable, Story.Noon, check.Check, check.Target)));
        return AffectedSystems.MergeByCause(affected, record).Count;
    }

    private static AffectedSystems Databases(params string[] targets) => AffectedSystems.Merge(targets.Select(Affected));

    private static AffectedSystems Affected(string target) => AffectedSystems.Of(
        [new Alert(AlertRule.Unavailable, Story.Noon, Check.Databases, target)])[0];
}
