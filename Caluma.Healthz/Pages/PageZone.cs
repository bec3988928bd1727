using System.Globalization;
using System.Text.RegularExpressions;
using NodaTime;

namespace Caluma.Healthz.Pages;

/// <summary>
/// The time zone of a reader. The zones are those of NodaTime's own copy of the tz database: an image without a shell has none
/// (https://learn.microsoft.com/dotnet/core/docker/container-images).
/// </summary>
/// <param name="Id">The name in an address: <c>Europe/Zurich</c> or <c>+01:00</c>.</param>
/// <param name="Rules">The rules of the zone.</param>
internal sealed partial record PageZone(string Id, DateTimeZone Rules)
{
    public static PageZone Utc { get; } = new("UTC", DateTimeZone.Utc);

    /// <summary>Finds a zone by a name or an offset; null where the text is neither.</summary>
    public static PageZone? Find(string text)
    {
        // An unencoded plus in a query arrives as a space.
        if (FixedOffset().Match(text.Replace(' ', '+')) is { Success: true } match)
        {
            var length = TimeSpan.ParseExact(match.Groups["length"].Value, "hh\\:mm", CultureInfo.InvariantCulture);
            return new PageZone(match.Value, DateTimeZone.ForOffset(Offset.FromTimeSpan(match.Value[0] == '-' ? -length : length)));
        }

        return text is "UTC" or "Z" ? Utc
            : DateTimeZoneProviders.Tzdb.GetZoneOrNull(text) is { } zone ? new PageZone(text, zone)
            : null;
    }

    /// <summary>The offset from UTC at a moment.</summary>
    public TimeSpan OffsetAt(DateTimeOffset time) => Rules.GetUtcOffset(Instant.FromDateTimeOffset(time)).ToTimeSpan();

    [GeneratedRegex(@"^[+-](?<length>(0\d|1[0-3]):[0-5]\d)\z", RegexOptions.ExplicitCapture)]
    private static partial Regex FixedOffset();
}
