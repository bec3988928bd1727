using Caluma.Healthz.History;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Tests.Trends;

/// <summary>When warnings are a ticket.</summary>
public sealed class TicketTests : IncidentLimits
{
    [Theory]
    [InlineData("17:30", true)]
    [InlineData("17:31", false)]
    public void A_warning_is_a_ticket_after_half_an_hour(string triggered, bool isTicket)
    {
        HasAlert(AlertRule.BurnTicket, triggered);

        Assert.Equal(isTicket, Advance(Passing).Count == 1);
    }

    [Fact]
    public void A_critical_alert_whose_check_passes_is_neither_page_nor_ticket()
    {
        HasAlert(AlertRule.BurnFast, "12:00");

        Assert.Empty(Advance(Passing));
    }

    /// <remarks>A page explains a warning that was triggered from half an hour before it, and began until two hours after it.</remarks>
    [Theory]
    [InlineData("14:00", "14:30", "13:30", "13:30", false)]
    [InlineData("14:00", "14:30", "13:29", "13:29", true)]
    [InlineData("14:00", "14:30", "17:00", "16:30", false)]
    [InlineData("14:00", "14:30", "17:00", "16:31", true)]
    public void A_warning_that_a_page_explains_is_no_ticket(
        string started, string resolved, string triggered, string since, bool isTicket)
    {
        Has(Database(started, resolved));
        HasAlert(AlertRule.BurnTicket, triggered, since);

        Assert.Equal(isTicket, Advance(Passing).Count == 1);
    }

    [Theory]
    [InlineData(nameof(AlertRule.LatencyDrift))]
    [InlineData(nameof(AlertRule.TimeoutForecast))]
    public void No_page_explains_that_a_system_is_slow(string rule)
    {
        Has(Database("14:00", "14:30"));
        HasAlert(Enum.Parse<AlertRule>(rule), "15:00");

        Assert.Equal(["opened database-default-20261122T150000Z-ticket"], Advance(Passing));
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("17:00", false)]
    [InlineData("16:00", false)]
    [InlineData("15:59", true)]
    public void No_ticket_is_opened_until_two_hours_after_a_page(string? resolved, bool isTicket)
    {
        Has(Database("14:00", resolved));
        HasAlert(AlertRule.Unavailable, "17:59");
        HasAlert(AlertRule.LatencyDrift, "15:00");

        Assert.Equal(isTicket, Advance(Passing).Any(change => change.EndsWith("-ticket", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_page_of_another_system_and_an_earlier_ticket_hold_back_none()
    {
        Has(Database("14:00", "17:30", target: "other"), Ticket("12:00", "17:00"));
        HasAlert(AlertRule.BurnTicket, "14:30");

        Assert.Equal("database-default-20261122T180000Z-ticket", Assert.Single(Advance(Passing))["opened ".Length..]);
    }

    [Fact]
    public void A_warning_joins_the_open_ticket_of_its_system_however_old_that_is()
    {
        Has(Ticket("08:00"));
        HasAlert(AlertRule.BurnTicket, "09:00");
        HasAlert(AlertRule.BurnTicket, "12:00", check: Check.DatabaseModels);

        Assert.Empty(Advance(Passing));
        Assert.Equal(CheckSet.Of(Check.Databases, Check.DatabaseModels), Assert.Single(Incidents).Checks);
    }

    [Theory]
    [InlineData("12:00", true)]
    [InlineData("11:59", false)]
    public void A_warning_of_another_system_joins_a_ticket_of_the_last_six_hours(string opened, bool joins)
    {
        Has(Ticket(opened));
        HasAlert(AlertRule.LatencyDrift, opened);
        HasAlert(AlertRule.LatencyDrift, "17:00", target: "other");

        Assert.Equal(joins ? [] : ["opened database-other-20261122T170000Z-ticket"], Advance(Passing));
        Assert.Equal(joins ? 2 : 1, Incidents[0].Count);
    }

    [Fact]
    public void A_system_of_another_kind_has_its_own_ticket()
    {
        Has(Ticket("17:00"));
        HasAlert(AlertRule.LatencyDrift, "17:00");
        HasAlert(AlertRule.LatencyDrift, "17:00", check: Check.Caches);

        Assert.Equal(["opened cache-default-20261122T170000Z-ticket"], Advance(Passing));
    }

    [Fact]
    public void A_ticket_does_not_join_a_page()
    {
        Has(Database("17:45", target: "other"));
        HasAlert(AlertRule.Unavailable, "17:45", target: "other");
        HasAlert(AlertRule.LatencyDrift, "17:00");

        Assert.Equal(["opened database-default-20261122T170000Z-ticket"], Advance(Passing));
    }

    [Fact]
    public void The_reason_is_that_of_its_own_failing_check()
    {
        HasSeries(Check.Caches, "default", ok: false, Reason.Full);
        HasSeries(Check.DatabaseModels, "default", ok: true);
        HasSeries(Check.Databases, "default", ok: false, Reason.Auth);
        HasAlert(AlertRule.BurnTicket, "17:00");

        Advance(Passing);

        Assert.Equal(Reason.Auth, Assert.Single(Incidents).Reason);
    }

    [Fact]
    public void A_ticket_ends_when_its_own_warnings_have()
    {
        Has(Ticket("08:00"), Ticket("08:00", target: "other"));
        HasAlert(AlertRule.BurnTicket, "09:00", target: "other");

        Assert.Equal(["resolved database-default-20261122T080000Z-ticket"], Advance(Passing));
        Assert.Equal((Story.At(Now), null), (Incidents[0].Resolved, Incidents[1].Resolved));
    }

    private void HasSeries(Check check, string target, bool ok, Reason? reason = null) => State.Series.Add(
        new SeriesState { Check = check, Target = target, First = Story.At(Now), Ok = ok, Reason = reason });
}
