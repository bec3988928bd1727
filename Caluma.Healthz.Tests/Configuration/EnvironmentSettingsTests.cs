namespace Caluma.Healthz.Tests.Configuration;

public sealed class EnvironmentSettingsTests
{
    private const string AName = "a name of at most 60 characters without control characters, such as production";
    private const string AnAddress = "an http or https address without a user, such as https://wiki.example.com/caluma-runbook";

    [Fact]
    public void By_default_the_environment_has_no_name_and_no_runbook()
    {
        var options = Settings.ReadOptions();

        Assert.Null(options.Name);
        Assert.Null(options.RunbookUrl);
    }

    [Theory]
    [InlineData("production")]
    [InlineData("Zürich <test> & \"more\"")]
    [InlineData("סביבה")]
    [InlineData("a name of sixty characters, that is the most that can be one")]
    [InlineData("🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂")]
    public void The_environment_can_have_a_name(string name) => Assert.Equal(name, Settings.ReadOptions($"Healthz__Name={name}").Name);

    [Theory]
    [InlineData("two\nlines")]
    [InlineData("turned \u202E round")]
    [InlineData("a name that nobody could read in the tab of a browser, for it is too long")]
    public void A_name_that_cannot_be_shown_is_refused(string name) =>
        Assert.Equal($"Healthz__Name cannot be shown; expected {AName}", $"{Settings.ReadProblem($"Healthz__Name={name}")}");

    [Theory]
    [InlineData("https://wiki.example.com/caluma?page=1#start")]
    [InlineData("http://wiki/")]
    public void The_environment_can_have_a_runbook(string url) =>
        Assert.Equal(url, Settings.ReadOptions($"Healthz__RunbookUrl={url}").RunbookUrl!.OriginalString);

    [Theory]
    [InlineData("wiki")]
    [InlineData("/caluma")]
    [InlineData("ftp://wiki/caluma")]
    [InlineData("javascript:alert(1)")]
    [InlineData("https://user:c4n4ry@wiki/")]
    public void An_invalid_address_is_refused_and_not_shown(string url) =>
        Assert.Equal(
            $"Healthz__RunbookUrl is not a web address; expected {AnAddress}", $"{Settings.ReadProblem($"Healthz__RunbookUrl={url}")}");

    /// <remarks>Its query may hold a token.</remarks>
    [Fact]
    public void The_runbook_is_shown_without_its_query()
    {
        var values = Settings.Read("Healthz__Name=production", "Healthz__RunbookUrl=https://wiki/caluma?token=c4n4ry").Values;

        Assert.Equal(("production", "Healthz__Name"), values.Where(value => value.Name == "Name")
            .Select(value => (value.Value, value.Source)).Single());
        Assert.Equal("https://wiki/caluma", values.Single(value => value.Name == "RunbookUrl").Value);
    }
}
