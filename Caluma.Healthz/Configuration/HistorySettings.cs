using System.Globalization;

namespace Caluma.Healthz.Configuration;

/// <summary>
/// Reads the schedule and the place of the history: <c>HEALTHZ_SCHEDULE</c> or <c>Healthz__Schedule</c>, <c>__History__*</c>, <c>__Slo</c>,
/// <c>__Maintenance__*</c>. The default place is the storage account of the Functions app.
/// </summary>
internal static class HistorySettings
{
    private const string Schedule = "Healthz__Schedule";

    // The name in the trigger of the Functions app. It is flat because Azure's scale controller, which starts an app for its timer, is
    // reported not to resolve nested names: https://github.com/Azure/azure-functions-host/issues/8649 and 8261.
    private const string FlatSchedule = "HEALTHZ_SCHEDULE";
    private const string Section = "Healthz__History";
    private const string Folder = $"{Section}__Folder";
    private const string RetentionDays = $"{Section}__RetentionDays";
    private const string Slo = "Healthz__Slo";
    private const string Maintenance = "Healthz__Maintenance";
    private const string Container = "healthz";
    private const int MaxDays = 3650;

    public static void Read(SettingsReader settings, HealthzOptions options)
    {
        options.Schedule = ReadSchedule(settings, options);
        options.Slo = settings.Parse(
            Slo,
            options.Slo,
            text => double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var slo)
                && slo is >= 50 and <= 99.999 ? slo : null,
            "an objective in percent from 50 to 99.999, such as 99.5");
        foreach (var (setting, _, value) in settings.Aliases(Maintenance))
        {
            if (ReadMaintenance(value, problem =>
                settings.Problem(setting, problem, "two times such as 2026-12-01T22:00:00Z/2026-12-02T02:00:00Z")) is { } window)
            {
                options.Maintenance.Add(window);
                settings.Show($"maintenance {setting[(Maintenance.Length + 2)..]}", Show(window), setting);
            }
        }

        settings.RefuseUnknown(Section, ["ConnectionString", "ServiceUri", "Container", "RetentionDays", "Folder"]);
        var folder = settings.Value(Folder) is { } path ? ReadFolder(settings, path) : null;
        var storage = settings.Value(Folder) is null ? ReadStorage(settings) : null;
        if (folder is not null || storage is not null || settings.Value(RetentionDays) is not null)
        {
            var days = ReadRetention(settings);
            options.History = folder is null && storage is null ? null
                : new HistoryOptions { Storage = storage, Folder = folder, RetentionDays = days };
        }
    }

    private static BlobStorageOptions? ReadStorage(SettingsReader settings)
    {
        var blobs = new BlobStorageSettings(settings, Section, "history");
        if (!blobs.IsSet)
        {
            var host = new HostStorageSettings(settings);
            if (host.IsSet)
            {
                return host.Read(blobs, blobs.ReadContainer(Container));
            }

            settings.Show("history", "not recorded");
        }

        return blobs.Read(Container);
    }

    /// <remarks>
    /// Only the recorder finds out whether the folder can be written: a command may read from a volume that is mounted read-only.
    /// </remarks>
    private static string? ReadFolder(SettingsReader settings, string path)
    {
        foreach (var other in new[] { $"{Section}__ConnectionString", $"{Section}__ServiceUri", $"{Section}__Container" }.Where(
            other => settings.Value(other) is not null))
        {
            settings.Problem(Folder, $"is set, and so is {other}", "one of the two: a history is in a folder or in a container");
            return null;
        }

        var shown = SettingsReader.Printable(path, 500);
        if (!Path.IsPathFullyQualified(path) || path.AsSpan().IndexOfAny(Path.GetInvalidPathChars()) >= 0 || shown != path)
        {
            settings.Problem(Folder, $"is \"{shown}\"", "the absolute path of a folder, such as /var/lib/caluma-healthz");
            return null;
        }

        // A dangling link is a file, too.
        var item = new FileInfo(Path.TrimEndingDirectorySeparator(path));
        if (item.Exists)
        {
            var problem = item.LinkTarget is { } target
                ? $"a link to {SettingsReader.Printable(target, 500)}, which is not a folder" : "which is a file";
            settings.Problem(Folder, $"is {shown}, {problem}", "a folder, or a path where one can be created");
            return null;
        }

        settings.Show("history", $"folder {shown}", Folder);
        return path;
    }

    private static Schedule ReadSchedule(SettingsReader settings, HealthzOptions options)
    {
        var (flat, nested) = (settings.Value(FlatSchedule), settings.Value(Schedule));
        var (name, value) = flat is null ? (Schedule, nested) : (FlatSchedule, flat);
        var schedule = options.Schedule;
        if (flat is not null && nested is not null && flat != nested)
        {
            settings.Problem(
                FlatSchedule,
                $"is \"{SettingsReader.Printable(flat)}\", and {Schedule} is \"{SettingsReader.Printable(nested)}\"",
                $"one of the two, or the same in both; a Functions app needs {FlatSchedule}");
        }
        else if (settings.HasSettingsBelow(FlatSchedule))
        {
            settings.Problem(FlatSchedule, "has settings below it", "one value");
        }
        else if (value is not null)
        {
            if (Configuration.Schedule.Parse(value, out var problem) is { } parsed)
            {
                schedule = parsed;
            }
            else
            {
                settings.Problem(
                    name,
                    $"is \"{SettingsReader.Printable(value)}\", which {problem}",
                    $"an NCRONTAB expression such as {options.Schedule} (every minute) or 0 */5 * * * * (every five)");
            }
        }

        settings.Show("Schedule", schedule.Expression, value is null ? [] : [name]);
        return schedule;
    }

    private static int ReadRetention(SettingsReader settings) => settings.Parse(
        RetentionDays,
        HistoryOptions.PresetRetentionDays,
        text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days is >= 1 and <= MaxDays
            ? days : null,
        $"a number of days from 1 to {MaxDays}, such as {HistoryOptions.PresetRetentionDays}");

    private static MaintenanceWindow? ReadMaintenance(string value, Action<string> problem)
    {
        var times = value.Split('/');
        if (times.Length != 2 || ReadTime(times[0]) is not { } start || ReadTime(times[1]) is not { } end)
        {
            problem($"is \"{SettingsReader.Printable(value)}\", which is not an ISO 8601 interval of two times, each with its offset "
                + "from UTC");
            return null;
        }

        if (end <= start)
        {
            problem($"is \"{SettingsReader.Printable(value)}\", which does not end after it starts");
            return null;
        }

        return new MaintenanceWindow(start, end);
    }

    /// <remarks>An offset is required: the zone of a time without one would depend on where the probe runs.</remarks>
    private static DateTimeOffset? ReadTime(string text) => DateTimeOffset.TryParseExact(
        text.Trim(), ["yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
        && text.AsSpan().Trim()[10..].IndexOfAny('Z', '+', '-') > 0
            ? time.ToUniversalTime()
            : null;

    private static string Show(MaintenanceWindow window) =>
        string.Create(CultureInfo.InvariantCulture, $"{window.Start:u}/{window.End:u}").Replace(' ', 'T');
}
