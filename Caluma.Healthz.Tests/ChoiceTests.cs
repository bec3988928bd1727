namespace Caluma.Healthz.Tests;

public sealed class ChoiceTests
{
    [Theory]
    [InlineData("")]
    [InlineData("jsonl", "jsonl")]
    [InlineData("jsonl or csv", "jsonl", "csv")]
    [InlineData("1, 7, 30 or 90", "1", "7", "30", "90")]
    public void Choices_end_a_sentence(string text, params string[] names) => Assert.Equal(text, Choice.Of(names));

    [Theory]
    [InlineData("Timout", "Timeout")]
    [InlineData("timeout", "Timeout")]
    [InlineData("Tiemout", "Timeout")]
    [InlineData("MinIntervall", "MinInterval")]
    [InlineData("Databse", "Databases")]
    [InlineData("Slos", "Slo")]
    [InlineData("Nope", null)]
    [InlineData("x", null)]
    [InlineData("", null)]
    public void The_suggestion_is_the_nearest_name_or_none(string text, string? meant) =>
        Assert.Equal(meant, Choice.Nearest(text, ["Timeout", "MinInterval", "Schedule", "Slo", "Databases"]));

    [Fact]
    public void Without_names_there_is_no_suggestion() => Assert.Null(Choice.Nearest("Timeout", []));
}
