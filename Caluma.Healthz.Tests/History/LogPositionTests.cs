using Caluma.Healthz.History;

namespace Caluma.Healthz.Tests.History;

public sealed class LogPositionTests
{
    [Theory]
    [InlineData("2026-11-22.0.0")]
    [InlineData("2026-11-22.99.9223372036854775807")]
    public void A_position_is_read_as_it_was_written(string text) => Assert.Equal(text, $"{LogPosition.Parse(text)}");

    [Theory]
    [InlineData("")]
    [InlineData("2026-11-22.0")]
    [InlineData("2026-11-22.0.0.0")]
    [InlineData("2026-11-31.0.0")]
    [InlineData("2026-11-22.100.0")]
    [InlineData("2026-11-22.-1.0")]
    [InlineData("2026-11-22.0.-1")]
    public void Another_text_is_no_position(string text) => Assert.Null(LogPosition.Parse(text));

    [Fact]
    public void Positions_are_in_the_order_of_days_parts_and_bytes()
    {
        string[] texts = ["2026-11-21.9.9", "2026-11-22.0.5", "2026-11-22.0.10", "2026-11-22.1.0", "2026-11-23.0.0"];
        var positions = Array.ConvertAll(texts, text => LogPosition.Parse(text)!.Value);
        for (var one = 0; one < positions.Length; one++)
        {
            for (var other = 0; other < positions.Length; other++)
            {
                Assert.Equal(
                    (one < other, one <= other, one > other, one >= other),
                    (positions[one] < positions[other], positions[one] <= positions[other],
                        positions[one] > positions[other], positions[one] >= positions[other]));
            }
        }
    }
}
