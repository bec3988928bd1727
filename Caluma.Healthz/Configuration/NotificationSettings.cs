namespace Caluma.Healthz.Configuration;

/// <summary>
/// Reads where incidents are sent besides the log: <c>Healthz__Alertmanager</c>, <c>Healthz__Webhook</c> and <c>Healthz__WebhookSecret</c>.
/// An address may hold a password or a token, so only its host is shown.
/// </summary>
internal static class NotificationSettings
{
    public const string Alertmanager = "Healthz__Alertmanager";
    public const string Webhook = "Healthz__Webhook";
    public const string WebhookSecret = "Healthz__WebhookSecret";

    /// <summary>Half the length of HMAC-SHA256's output: https://www.rfc-editor.org/rfc/rfc2104#section-3.</summary>
    private const int MinSecretLength = 16;

    public static void Read(SettingsReader settings, HealthzOptions options)
    {
        options.Alertmanager = ReadAddress(settings, Alertmanager, "http://alertmanager:9093");
        if (options.Alertmanager is { Query.Length: > 0 })
        {
            settings.Problem(Alertmanager, "has a query", "the address that its pages have, such as http://alertmanager:9093");
        }

        options.Webhook = ReadAddress(settings, Webhook, "https://relay.example.com/caluma");
        options.WebhookSecret = ReadSecret(settings, settings.IsSet(Webhook));
        foreach (var setting in (string[])[Alertmanager, Webhook])
        {
            if (options.History is null && settings.Value(setting) is { Length: > 0 })
            {
                settings.Problem(
                    setting,
                    "is set, and no run is recorded, of which incidents are made",
                    "a history beside it, such as Healthz__History__Folder=/var/lib/caluma-healthz");
            }
        }
    }

    private static Uri? ReadAddress(SettingsReader settings, string setting, string example) => settings.WebAddress(
        setting,
        address => address.Fragment is "",
        $"an http or https address, such as {example}",
        address => $"{address.Scheme}://{address.Authority}");

    private static string? ReadSecret(SettingsReader settings, bool hasWebhook)
    {
        var secret = settings.Value(WebhookSecret);
        if (secret is null or "")
        {
            if (hasWebhook)
            {
                settings.Remark($"{Webhook} is not signed; with {WebhookSecret} its receiver can tell it from what others post");
            }

            return null;
        }

        if (!hasWebhook)
        {
            settings.Problem(WebhookSecret, $"is set without {Webhook}", "both, or neither");
        }
        else if (secret.Length < MinSecretLength)
        {
            settings.Problem(
                WebhookSecret, $"has less than {MinSecretLength} characters", "a random one, such as openssl rand -hex 32 prints");
            return null;
        }

        settings.Show("WebhookSecret", "set", WebhookSecret);
        return secret;
    }
}
