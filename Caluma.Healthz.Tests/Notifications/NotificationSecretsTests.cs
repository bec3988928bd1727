using System.Text;
using Caluma.Healthz.Tests.History;
using Caluma.Healthz.Tests.Recording;

namespace Caluma.Healthz.Tests.Notifications;

/// <summary>
/// The address of a receiver may hold a password or a token, and the webhook has a secret. No log, history or post has them, nor the
/// address of a target.
/// </summary>
public sealed class NotificationSecretsTests : IAsyncLifetime
{
    private const string Canary = "c4n4ry";

    private readonly MemoryHistoryStorage _storage = new();
    private readonly PortReservation _nobody = new();
    private NotificationReceiver _receiver = null!;

    public async ValueTask InitializeAsync() => _receiver = await NotificationReceiver.StartAsync();

    public async ValueTask DisposeAsync()
    {
        _nobody.Dispose();
        await _receiver.DisposeAsync();
    }

    [Theory]
    [InlineData("well", "HealthzNotificationSent channel=webhook")]
    [InlineData("refuses", "reason=auth")]
    [InlineData("redirects", "reason=protocol")]
    [InlineData("down", "reason=connect")]
    [InlineData("dns", "reason=dns")]
    [InlineData("no TLS", "reason=tls")]
    public async Task No_secret_is_in_a_log_the_history_or_a_notification(string how, string expected)
    {
        _receiver.Status = how switch { "refuses" => 401, "redirects" => 302, _ => 200 };
        var host = how switch { "down" => $"127.0.0.1:{_nobody.Port}", "dns" => "nowhere.invalid", _ => $"{_receiver.EndPoint}" };
        var scheme = how == "no TLS" ? "https" : "http";
        await using var probe = RecordedProbe.StartOn(
            _storage,
            time: null,
            $"Healthz__Alertmanager={scheme}://{Canary}:{Canary}-password@{host}/{Canary}",
            $"Healthz__Webhook={scheme}://{Canary}:{Canary}-password@{host}/services/{Canary}?token={Canary}",
            $"Healthz__WebhookSecret={Canary}-{Canary}-{Canary}",
            $"Healthz__Databases__default=Host=address-{Canary};Database=caluma;Username=healthz;Password={Canary}");
        foreach (var run in "xxx............")
        {
            probe.Fails = run == 'x' ? Reason.Auth : null;
            await probe.TickInVainAsync();
        }

        var said = new StringBuilder();
        foreach (var record in probe.Log.GetSnapshot())
        {
            said.AppendLine($"{record.Id.Name} {record.Message} {record.Exception} {string.Join(' ', record.StructuredState ?? [])}");
        }

        _storage.Names.ToList().ForEach(name => said.AppendLine(_storage.Text(name)));
        _receiver.Received.ToList().ForEach(post => said.AppendLine(post.Body));
        Assert.Contains(expected, $"{said}", StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, $"{said}", StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task The_user_and_password_of_an_address_are_sent_as_HTTP_Basic()
    {
        await using var probe = RecordedProbe.StartOn(
            _storage, time: null, $"Healthz__Webhook=http://user:p%40ss@{_receiver.EndPoint}/hook");
        probe.Fails = Reason.Auth;

        await probe.TickAsync(3);

        var post = Assert.Single(_receiver.Received);
        Assert.Equal($"Basic {Convert.ToBase64String("user:p@ss"u8)}", post.Headers["Authorization"]);
        Assert.DoesNotContain("X-Healthz-Signature-256", post.Headers.Keys);
    }
}
