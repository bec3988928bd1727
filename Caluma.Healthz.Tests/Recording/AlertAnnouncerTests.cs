using Caluma.Healthz.Recording;
using Caluma.Healthz.Trends;
using Microsoft.Extensions.Logging.Testing;

namespace Caluma.Healthz.Tests.Recording;

/// <summary>What a process says whose storage failed, so that it has judged without the runs that others had recorded.</summary>
public sealed class AlertAnnouncerTests
{
    private static readonly DateTimeOffset _start = new(2026, 12, 1, 5, 0, 0, TimeSpan.Zero);
    private static readonly Alert _outage = new(AlertRule.Unavailable, _start, Check.Databases, "default");
    private static readonly Alert _over = _outage with { Resolved = _start.AddMinutes(10) };

    private readonly FakeLogCollector _log = new();
    private readonly AlertAnnouncer _announcer;

    public AlertAnnouncerTests() => _announcer = new AlertAnnouncer(new FakeLogger(_log));

    private IEnumerable<string> Said => _log.GetSnapshot().Select(record => record.Id.Name!);

    [Fact]
    public void An_alert_that_was_resolved_too_early_is_triggered_again_once_the_state_is_written()
    {
        Announce(_outage, _over);

        _announcer.Complete(new TrendState { Open = [_outage] });

        Assert.Equal(["HealthzAlertFiring", "HealthzAlertResolved", "HealthzAlertFiring"], Said);
    }

    [Fact]
    public void An_alert_that_never_was_is_resolved_once_the_state_is_written()
    {
        Announce(_outage);

        _announcer.Complete(new TrendState { Ended = [_over with { Target = "other" }], Newest = _start.AddMinutes(20) });

        Assert.Equal(["HealthzAlertFiring", "HealthzAlertResolved"], Said);
    }

    [Fact]
    public void An_alert_that_another_process_has_resolved_meanwhile_is_not_resolved_again()
    {
        Announce(_outage);

        _announcer.Complete(new TrendState { Ended = [_over] });

        Assert.Equal(["HealthzAlertFiring"], Said);
    }

    [Fact]
    public void An_alert_that_another_process_has_triggered_meanwhile_is_not_triggered_again()
    {
        Announce(_outage, _over);

        _announcer.Complete(new TrendState { Open = [_outage with { Since = _start.AddMinutes(11) }] });

        Assert.Equal(["HealthzAlertFiring", "HealthzAlertResolved"], Said);
    }

    [Fact]
    public void Nothing_is_said_of_an_alert_that_is_what_was_said_of_it()
    {
        Announce(_outage, _over, _outage);

        _announcer.Complete(new TrendState { Open = [_outage] });

        Assert.Equal(["HealthzAlertFiring", "HealthzAlertResolved", "HealthzAlertFiring"], Said);
    }

    [Fact]
    public void What_is_corrected_is_not_corrected_at_the_next_write()
    {
        Announce(_outage, _over);

        _announcer.Complete(new TrendState { Open = [_outage] });
        _announcer.Complete(new TrendState { Open = [_outage] });

        Assert.Equal(3, Said.Count());
    }

    [Fact]
    public void An_alert_that_was_resolved_is_not_resolved_again_at_another_tick()
    {
        Announce(_outage, _over);

        _announcer.Restart(new TrendChanges([_outage, _over with { Resolved = _start.AddMinutes(30) }], []));
        _announcer.Announce();

        Assert.Equal(["HealthzAlertFiring", "HealthzAlertResolved"], Said);
    }

    [Fact]
    public void A_resolution_that_was_not_said_again_is_not_said_later()
    {
        Announce(_outage, _over);

        _announcer.Restart(new TrendChanges([_outage, _over with { Resolved = _start.AddMinutes(30) }], []));
        _announcer.Announce();
        Announce(_outage with { Triggered = _start.AddMinutes(40) });
        _announcer.Announce();

        Assert.Equal(["HealthzAlertFiring", "HealthzAlertResolved", "HealthzAlertFiring"], Said);
    }

    [Fact]
    public void An_alert_that_is_triggered_again_within_its_window_is_said_again()
    {
        Announce(_outage, _over);

        Announce(_outage with { Triggered = _start.AddMinutes(15) }, _over with { Resolved = _start.AddMinutes(30) });

        Assert.Equal(["HealthzAlertFiring", "HealthzAlertResolved", "HealthzAlertFiring", "HealthzAlertResolved"], Said);
    }

    private void Announce(params List<Alert> alerts)
    {
        foreach (var alert in alerts)
        {
            _announcer.Add(new TrendChanges([alert], []));
            _announcer.Announce();
        }
    }
}
