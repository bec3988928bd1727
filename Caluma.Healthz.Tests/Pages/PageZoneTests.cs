using Caluma.Healthz.Pages;

namespace Caluma.Healthz.Tests.Pages;

public sealed class PageZoneTests
{
    private static readonly DateTimeOffset _winter = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private static readonly DateTimeOffset _summer = new(2026, 7, 22, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("UTC", "UTC", 0, 0)]
    [InlineData("Z", "UTC", 0, 0)]
    [InlineData("Europe/Zurich", "Europe/Zurich", 60, 120)]
    [InlineData("America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires", -180, -180)]
    [InlineData("Asia/Kathmandu", "Asia/Kathmandu", 345, 345)]
    [InlineData("Etc/GMT+5", "Etc/GMT+5", -300, -300)]
    [InlineData("CET", "CET", 60, 120)]
    [InlineData("+01:00", "+01:00", 60, 60)]
    [InlineData(" 05:45", "+05:45", 345, 345)]
    [InlineData("-13:59", "-13:59", -839, -839)]
    public void A_name_or_an_offset_gives_the_offset_from_UTC(string text, string id, int winter, int summer)
    {
        var zone = PageZone.Find(text)!;

        Assert.Equal(id, zone.Id);
        Assert.Equal((winter, summer), (zone.OffsetAt(_winter).TotalMinutes, zone.OffsetAt(_summer).TotalMinutes));
        Assert.Equal(zone, PageZone.Find(zone.Id));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Mars/Olympus")]
    [InlineData("europe/zurich")]
    [InlineData("../../etc/passwd")]
    [InlineData("localtime")]
    [InlineData("+1:00")]
    [InlineData("+14:00")]
    [InlineData("+01:60")]
    [InlineData("+01:00\n")]
    public void An_invalid_zone_is_refused(string text) => Assert.Null(PageZone.Find(text));

    /// <remarks>The system's zones come from files, which an image without a shell lacks.</remarks>
    [Fact]
    public void Zones_do_not_come_from_the_system() =>
        Assert.DoesNotContain(
            new TypeUses(typeof(PageZone).Assembly).WaysTo(used => used == typeof(TimeZoneInfo).FullName, leadsOn: _ => false).Keys,
            user => user.StartsWith("Caluma.", StringComparison.Ordinal));
}
