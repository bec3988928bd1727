using System.Text;

namespace Caluma.Healthz.Configuration;

/// <summary>
/// Reads the name of the environment and the address of the operators' runbook: <c>Healthz__Name</c>, <c>Healthz__RunbookUrl</c>.
/// </summary>
internal static class EnvironmentSettings
{
    public const string Name = "Healthz__Name";
    public const string RunbookUrl = "Healthz__RunbookUrl";

    /// <summary>Short enough for headings, browser tabs and messages.</summary>
    private const int MaxNameLength = 60;

    public static void Read(SettingsReader settings, HealthzOptions options)
    {
        options.Name = ReadName(settings);
        options.RunbookUrl = ReadRunbookUrl(settings);
    }

    private static string? ReadName(SettingsReader settings)
    {
        if (settings.Value(Name) is not { Length: > 0 } name)
        {
            return null;
        }

        if (string.IsNullOrWhiteSpace(name) || name.EnumerateRunes().Count() > MaxNameLength || SettingsReader.Printable(name) != name)
        {
            settings.Problem(
                Name, "cannot be shown", $"a name of at most {MaxNameLength} characters without control characters, such as production");
            return null;
        }

        settings.Show("Name", name, Name);
        return name;
    }

    private static Uri? ReadRunbookUrl(SettingsReader settings)
    {
        if (settings.Value(RunbookUrl) is not { Length: > 0 } value)
        {
            return null;
        }

        if (!Uri.TryCreate(value, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.UserInfo.Length > 0)
        {
            // Text before an @ may be a password, which the pages would show.
            settings.Problem(RunbookUrl, "is not a web address",
                "an http or https address without a user, such as https://wiki.example.com/caluma-runbook");
            return null;
        }

        settings.Show("RunbookUrl", url.GetLeftPart(UriPartial.Path), RunbookUrl);
        return url;
    }
}
