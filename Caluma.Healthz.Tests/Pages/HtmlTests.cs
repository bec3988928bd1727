using System.Text.Encodings.Web;
using System.Text.Unicode;
using Caluma.Healthz.Pages;

namespace Caluma.Healthz.Tests.Pages;

public sealed class HtmlTests
{
    [Theory]
    [InlineData("<script>", "&lt;script&gt;")]
    [InlineData("\"'&", "&quot;&#x27;&amp;")]
    [InlineData("1\u00A0ms", "1\u00A0ms")]
    [InlineData("größer – מסד", "größer – מסד")]
    [InlineData(null, "")]
    public void Interpolated_values_are_encoded(string? text, string markup) => Assert.Equal(markup, Html.Of($"{text}").ToString());

    [Fact]
    public void Letters_digits_and_signs_are_encoded_as_by_the_encoder_alone()
    {
        var encoder = HtmlEncoder.Create(UnicodeRanges.All);
        var ascii = Enumerable.Range(' ', '~' - ' ' + 1).Select(letter => $"{(char)letter}").ToList();

        Assert.Equal(ascii.Select(text => encoder.Encode(text)), ascii.Select(text => Html.Of($"{text}").ToString()));
    }

    [Theory]
    [InlineData('\u061C')]
    [InlineData('\u200E')]
    [InlineData('\u200F')]
    [InlineData('\u202A')]
    [InlineData('\u202E')]
    [InlineData('\u2066')]
    [InlineData('\u2069')]
    public void Direction_marks_are_replaced(char turning) =>
        Assert.Equal("a\uFFFDb", Html.Of($"{"a" + turning + "b"}").ToString());

    [Fact]
    public void Markup_is_not_encoded_again() =>
        Assert.Equal("<p><b>1</b>2.5</p>", Html.Of($"<p>{Html.Of($"<b>{1}</b>")}{2.5}{(Html?)null}</p>").ToString());

    [Fact]
    public void Pieces_are_joined_in_order() =>
        Assert.Equal("<i>a</i><i>b</i>", Html.Join([Html.Of($"<i>{"a"}</i>"), null, Html.Of($"<i>{"b"}</i>")]).ToString());
}
