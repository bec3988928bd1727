using System.Globalization;
using Caluma.Healthz.Pages;

namespace Caluma.Healthz.Server.Commands;

/// <summary>Formats values as on the pages, with plain spaces.</summary>
internal static class CommandWords
{
    public static string Percent(double? value) => Words.Percent(value).Replace('\u00a0', ' ');

    /// <summary>A short moment: <c>11-22 12:00</c>.</summary>
    public static string ShortTime(DateTimeOffset? time) => time?.UtcDateTime.ToString("MM-dd HH:mm", CultureInfo.InvariantCulture) ?? "";

    public static string Time(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? "";

    /// <summary>A moment relative to now: with the date only where the day is another one.</summary>
    public static string Moment(DateTimeOffset time, DateTimeOffset now) => time.UtcDateTime.ToString(
        time.UtcDateTime.Date == now.UtcDateTime.Date ? "HH:mm 'UTC'" : "yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    public static string Milliseconds(double? value) => value?.ToString("0.0", CultureInfo.InvariantCulture) ?? "";

    /// <summary>The name of a check on a target as one word: <c>caches/default</c>, or the check alone if it has one target.</summary>
    public static string Name(Check check, string? target, bool isOnlyTarget) =>
        target is null || isOnlyTarget ? check.Key() : $"{check.Key()}/{target}";
}
