using System.Text.Json;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Tests.Trends;

/// <summary>Names in the stored state that differ from those in the code. Earlier versions wrote them.</summary>
public sealed class StoredNamesTests
{
    private static readonly DateTimeOffset _start = new(2026, 11, 28, 7, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Second_failures_are_stored_under_the_name_of_earlier_versions()
    {
        var bucket = JsonSerializer.Serialize(new TimeBucket { Start = _start, SecondFailures = 3 }, TrendsJson.Default.TimeBucket);
        var hour = JsonSerializer.Serialize(new HourPoint { Start = _start, SecondFailures = 4 }, TrendsJson.Default.HourPoint);

        Assert.Contains("\"seconds\":3", bucket, StringComparison.Ordinal);
        Assert.Contains("\"seconds\":4", hour, StringComparison.Ordinal);
        Assert.Equal(3, JsonSerializer.Deserialize(bucket, TrendsJson.Default.TimeBucket)!.SecondFailures);
    }
}
