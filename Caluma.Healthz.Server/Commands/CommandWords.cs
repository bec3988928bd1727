using System.Globalization;
using Caluma.Healthz.Pages;

namespace Caluma.Healthz.Server.Commands;

/// <summary>How the commands say what the pages say too, with spaces that can be searched for.</summary>
internal static class CommandWords
{
    public static string Percent(double? value) => Words.Percent(value).Replace('\u00a0', ' ');

    /// <summary>A moment in as few characters as will do: <c>11-22 12:00</c>.</summary>
    public static string ShortTime(DateTimeOffset? time) => time?.UtcDateTime.ToString("MM-dd HH:mm", CultureInfo.InvariantCulture) ?? "";

    public static string Time(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? "";

    /// <summary>A moment for people who read it now: the day only where it is another one.</summary>
    public static string Moment(DateTimeOffset time, DateTimeOffset now) => time.UtcDateTime.ToString(
        time.UtcDateTime.Date == now.UtcDateTime.Date ? "HH:mm 'UTC'" : "yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    public static string Milliseconds(double? value) => value?.ToString("0.0", CultureInfo.InvariantCulture) ?? "";

    /// <summary>A check on a target as one word, without a target that goes without saying.</summary>
    public static string Name(Check check, string? target, bool isOnlyTarget) =>
        target is null || isOnlyTarget ? check.Key() : $"{check.Key()}/{target}";
}
