using System.Globalization;
using System.Text.RegularExpressions;
using NodaTime;

namespace Caluma.Healthz.Pages;

/// <summary>
/// The time zone of a reader. The zones are those of NodaTime's own copy of the tz database: an image without a shell has none
/// (https://learn.microsoft.com/dotnet/core/docker/container-images).
/// </summary>
/// <param name="Id">As in an address: <c>Europe/Zurich</c> or <c>+01:00</c>.</param>
/// <param name="Rules">When which offset is in force.</param>
internal sealed partial record PageZone(string Id, DateTimeZone Rules)
{
    public static PageZone Utc { get; } = new("UTC", DateTimeZone.Utc);

    /// <summary>The zone of a name, or of an offset; null where the text is neither.</summary>
    public static PageZone? Find(string text)
    {
        // In a query, a plus that nobody has encoded arrives as a space.
        if (FixedOffset().Match(text.Replace(' ', '+')) is { Success: true } match)
        {
            var length = TimeSpan.ParseExact(match.Groups["length"].Value, "hh\\:mm", CultureInfo.InvariantCulture);
            return new PageZone(match.Value, DateTimeZone.ForOffset(Offset.FromTimeSpan(match.Value[0] == '-' ? -length : length)));
        }

        return text is "UTC" or "Z" ? Utc
            : DateTimeZoneProviders.Tzdb.GetZoneOrNull(text) is { } zone ? new PageZone(text, zone)
            : null;
    }

    /// <summary>How far the clocks of the zone are ahead of UTC at a moment.</summary>
    public TimeSpan OffsetAt(DateTimeOffset time) => Rules.GetUtcOffset(Instant.FromDateTimeOffset(time)).ToTimeSpan();

    [GeneratedRegex(@"^[+-](?<length>(0\d|1[0-3]):[0-5]\d)\z", RegexOptions.ExplicitCapture)]
    private static partial Regex FixedOffset();
}
