using Caluma.Healthz.Dev;

namespace Caluma.Healthz.Tests.Dev;

public sealed class ReportTextTests
{
    [Fact]
    public void Each_check_and_target_has_a_line() => Assert.Equal(
        """
        {
          "media storage service": {"ok": true},
          "caches": [
            {"default": {"ok": true}},
            {"a \"b\"": {"ok": false}}
          ],
          "databases": [

          ]
        }
        """,
        ReportText.Format(
            """{"media storage service":{"ok":true},"caches":[{"default":{"ok":true}},{"a \"b\"":{"ok":false}}],"databases":[]}"""),
        ignoreLineEndingDifferences: true);

    [Theory]
    [InlineData("")]
    [InlineData("Not Found")]
    [InlineData("[1]")]
    public void Other_text_stays_unchanged(string text) => Assert.Equal(text, ReportText.Format(text));
}
