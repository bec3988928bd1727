using Caluma.Healthz.Migrations;

namespace Caluma.Healthz.Configuration;

/// <summary>Reads <c>Healthz__Migrations__*</c>.</summary>
internal static class MigrationSettings
{
    private const string Section = "Healthz__Migrations";
    private const string CalumaVersion = $"{Section}__CalumaVersion";
    private const string PlanFile = $"{Section}__PlanFile";
    private const string Auto = "auto";

    public static void Read(SettingsReader settings, HealthzOptions options)
    {
        settings.RefuseUnknown(Section, ["CalumaVersion", "PlanFile"]);

        // Validated even where a plan file overrides it: a wrong version is a mistake all the same.
        var version = settings.Value(CalumaVersion) is { Length: > 0 } text ? text : null;
        var isRejected = false;
        if (version is not null && !version.Equals(Auto, StringComparison.OrdinalIgnoreCase))
        {
            if (KnownReleases.Find(version) is { } release)
            {
                options.Migrations = release;
            }
            else
            {
                isRejected = true;
                settings.Problem(
                    CalumaVersion,
                    $"is \"{SettingsReader.Printable(version)}\", which is not a known Caluma release",
                    $"{Auto}, or a release such as {string.Join(", ", KnownReleases.Nearest(version))}");
            }
        }

        if (settings.Value(PlanFile) is not { Length: > 0 } path)
        {
            if (isRejected)
            {
                settings.ShowDefault("migrations", Auto, version!, CalumaVersion);
            }
            else
            {
                settings.Show("migrations", version ?? Auto, version is null ? [] : [CalumaVersion]);
            }

            return;
        }

        try
        {
            using var reader = File.OpenText(path);
            options.Migrations = MigrationPlan.Read(reader);
            settings.Show("migrations", $"plan in {path}", PlanFile);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or FormatException)
        {
            settings.ShowDefault("migrations", isRejected ? Auto : version ?? Auto, $"plan in {path}", PlanFile);
            settings.Problem(
                PlanFile,
                $"names {SettingsReader.Printable(path)}, which cannot be used ({exception.Message.TrimEnd('.')})",
                "a file with the output of manage.py showmigrations --plan");
        }
    }
}
