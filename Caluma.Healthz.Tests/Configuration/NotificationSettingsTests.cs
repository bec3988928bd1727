namespace Caluma.Healthz.Tests.Configuration;

public sealed class NotificationSettingsTests
{
    private const string History = "Healthz__History__ConnectionString=UseDevelopmentStorage=true";
    private const string Secret = "Healthz__WebhookSecret=0123456789abcdef";

    [Fact]
    public void Without_settings_there_are_no_notifications()
    {
        var options = Settings.ReadOptions(History);

        Assert.Equal((null, null, null), (options.Alertmanager, options.Webhook, options.WebhookSecret));
    }

    [Theory]
    [InlineData("http://alertmanager:9093")]
    [InlineData("https://user:password@am.example.com/prefix/")]
    public void An_Alertmanager_is_a_web_address(string address) =>
        Assert.Equal(new Uri(address), Settings.ReadOptions(History, $"Healthz__Alertmanager={address}").Alertmanager);

    [Theory]
    [InlineData("Healthz__Alertmanager=alertmanager:9093", "Healthz__Alertmanager is not a web address")]
    [InlineData("Healthz__Alertmanager=ftp://alertmanager", "Healthz__Alertmanager is not a web address")]
    [InlineData("Healthz__Alertmanager=http://alertmanager:9093?tenant=one", "Healthz__Alertmanager has a query")]
    [InlineData("Healthz__Webhook=/hook", "Healthz__Webhook is not a web address")]
    [InlineData("Healthz__Webhook=https://relay.example.com/#top", "Healthz__Webhook is not a web address")]
    [InlineData("Healthz__Webhook= https://relay.example.com/", "Healthz__Webhook begins with white space")]
    [InlineData(Secret, "Healthz__WebhookSecret is set without Healthz__Webhook")]
    [InlineData("Healthz__Webhok=https://relay.example.com", "Healthz__Webhok is not a known setting; did you mean Healthz__Webhook?")]
    public void A_problem_names_the_setting(string setting, string problem) =>
        Assert.StartsWith(problem, $"{Assert.Single(Settings.Read(History, setting).Problems)}", StringComparison.Ordinal);

    [Theory]
    [InlineData("Healthz__Alertmanager=")]
    [InlineData("Healthz__Webhook=")]
    public void What_is_empty_asks_for_no_history(string setting) => Assert.Empty(Settings.Read(setting).Problems);

    [Fact]
    public void A_secret_of_sixteen_characters_is_long_enough_and_shown_as_set()
    {
        var configuration = Settings.Read(History, "Healthz__Webhook=https://relay.example.com", Secret);

        Assert.Empty(configuration.Problems);
        Assert.Equal("0123456789abcdef", configuration.Options.WebhookSecret);
        Assert.Contains(new("WebhookSecret", "set", "Healthz__WebhookSecret"), configuration.Values);
    }

    [Fact]
    public void A_secret_beside_a_wrong_address_is_no_second_problem() =>
        Assert.Equal("Healthz__Webhook", Assert.Single(Settings.Read(History, "Healthz__Webhook=/hook", Secret).Problems).Setting);

    [Fact]
    public void A_secret_that_is_too_short_to_sign_with_is_refused_and_never_shown()
    {
        var problem = Assert.Single(
            Settings.Read(History, "Healthz__Webhook=https://relay.example.com", "Healthz__WebhookSecret=c4n4ry").Problems);

        Assert.StartsWith("Healthz__WebhookSecret has less than 16 characters", $"{problem}", StringComparison.Ordinal);
        Assert.DoesNotContain("c4n4ry", $"{problem}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Healthz__Alertmanager=http://alertmanager:9093")]
    [InlineData("Healthz__Webhook=https://relay.example.com/hook")]
    public void Notifications_need_a_history(string setting)
    {
        var problem = Assert.Single(Settings.Read(setting).Problems);

        Assert.Contains("no run is recorded", $"{problem}", StringComparison.Ordinal);
        Assert.Contains("Healthz__History__Folder", $"{problem}", StringComparison.Ordinal);
    }

    [Fact]
    public void Only_the_host_of_an_address_is_shown()
    {
        var configuration = Settings.Read(
            History,
            "Healthz__Alertmanager=https://c4n4ry:c4n4ry@am.example.com:8443/prefix",
            "Healthz__Webhook=https://hooks.example.com/services/c4n4ry?token=c4n4ry",
            "Healthz__WebhookSecret=c4n4ry-c4n4ry-c4n4ry");

        Assert.Empty(configuration.Problems);
        Assert.DoesNotContain("c4n4ry", string.Join(' ', configuration.Values), StringComparison.Ordinal);
        Assert.Contains(configuration.Values, value => value is { Name: "Alertmanager", Value: "https://am.example.com:8443" });
        Assert.Contains(configuration.Values, value => value is { Name: "Webhook", Value: "https://hooks.example.com" });
    }

    [Fact]
    public void A_webhook_without_a_secret_gets_a_remark() => Assert.Contains(
        Settings.Read(History, "Healthz__Webhook=https://relay.example.com").Remarks,
        remark => remark.Contains("Healthz__WebhookSecret", StringComparison.Ordinal));
}
