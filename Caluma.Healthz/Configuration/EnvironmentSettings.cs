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

        // Text before an @ may be a password, which the pages would show.
        options.RunbookUrl = settings.WebAddress(
            RunbookUrl,
            url => url.UserInfo.Length == 0,
            "an http or https address without a user, such as https://wiki.example.com/caluma-runbook",
            url => url.GetLeftPart(UriPartial.Path));
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
}
