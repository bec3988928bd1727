using Caluma.Healthz.Configuration;

namespace Caluma.Healthz.Tests.Configuration;

public sealed class CheckTargetsTests
{
    private static readonly string[] _settings =
    [
        "Healthz__Databases__second=Host=db2", "Healthz__Caches__main=cache",
        "Healthz__MediaStorage__ConnectionString=UseDevelopmentStorage=true",
    ];

    [Fact]
    public void Each_check_has_its_targets_in_the_order_of_the_report() => Assert.Equal(
        [
            (Check.MediaStorageService, "default"), (Check.Caches, "main"), (Check.DatabaseMigrations, "second"),
            (Check.DatabaseMigrations, "default"), (Check.Databases, "second"), (Check.Databases, "default"),
            (Check.DatabaseModels, "second"), (Check.DatabaseModels, "default"),
        ],
        CheckTargets.Of(Settings.ReadOptions(_settings)));

    [Fact]
    public void Checks_that_were_not_asked_for_have_none() => Assert.Equal(
        [(Check.Caches, "main")], CheckTargets.Of(Settings.ReadOptions([.. _settings, "Healthz__Checks=caches"])));

    [Fact]
    public void What_is_not_configured_is_no_target() => Assert.Equal(
        [(Check.DatabaseMigrations, "default"), (Check.Databases, "default"), (Check.DatabaseModels, "default")],
        CheckTargets.Of(Settings.ReadOptions()));

    [Theory]
    [InlineData(Check.Databases, "second", "db2:5432/ as (nobody), TLS require")]
    [InlineData(Check.DatabaseModels, "default", "db:5432/caluma as caluma, TLS require")]
    [InlineData(Check.Caches, "main", "cache/0")]
    [InlineData(Check.MediaStorageService, "default", "http://127.0.0.1:10000/devstoreaccount1 container caluma-media")]
    [InlineData(Check.Caches, "other", null)]
    public void A_target_has_the_address_that_is_shown(Check check, string target, string? address) =>
        Assert.Equal(address, Settings.Read(_settings).AddressOf(check, target));
}
