using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.RegularExpressions;
using System.Text.Unicode;

namespace Caluma.Healthz.Pages;

/// <summary>
/// Builds markup. Each value in an interpolated string is encoded, so that no name can become markup, except another <see cref="Html"/>.
/// </summary>
internal sealed partial class Html
{
    private static readonly HtmlEncoder _encoder = HtmlEncoder.Create(UnicodeRanges.All);

    /// <summary>The typical length of a name, a number or a time, in characters.</summary>
    private const int LengthOfValue = 16;

    /// <summary>Characters that the encoder leaves as they are. Few texts of a page have others, so few need the encoder.</summary>
    private static readonly SearchValues<char> _plain = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 -_.,:;/()%?=#*");

    private readonly StringBuilder _text;

    private Html(int length = LengthOfValue) => _text = new StringBuilder(length);

    /// <summary>Markup from an interpolated string.</summary>
    public static Html Of(ref Markup markup) => markup.Result;

    /// <summary>Marks a trusted text as markup.</summary>
    public static Html Raw(string markup)
    {
        var html = new Html();
        html._text.Append(markup);
        return html;
    }

    /// <summary>Joins several pieces.</summary>
    public static Html Join(IEnumerable<Html?> pieces)
    {
        var html = new Html();
        foreach (var piece in pieces)
        {
            html._text.Append(piece?._text);
        }

        return html;
    }

    /// <summary>Invisible characters that turn the direction of the text after them, up to the end of the line.</summary>
    [GeneratedRegex("[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]")]
    private static partial Regex DirectionMarks();

    /// <inheritdoc />
    public override string ToString() => _text.ToString();

    /// <summary>Appends the parts of an interpolated string.</summary>
    [InterpolatedStringHandler]
    public readonly ref struct Markup
    {
        public Markup(int literalLength, int formattedCount) => Result = new Html(literalLength + (formattedCount * LengthOfValue));

        public Html Result { get; }

        public void AppendLiteral(string markup) => Result._text.Append(markup);

        public void AppendFormatted(Html? html) => Result._text.Append(html?._text);

        public void AppendFormatted(string? text) => Result._text.Append(
            text is null || !text.AsSpan().ContainsAnyExcept(_plain)
                ? text
                : _encoder.Encode(DirectionMarks().Replace(text, "\uFFFD")).Replace("&#xA0;", "\u00A0", StringComparison.Ordinal));

        public void AppendFormatted(double number) => Result._text.Append(CultureInfo.InvariantCulture, $"{number:0.##}");

        public void AppendFormatted(int number) => Result._text.Append(CultureInfo.InvariantCulture, $"{number}");
    }
}
