using System.Globalization;
using System.Text.RegularExpressions;
using Caluma.Healthz.Pages;

namespace Caluma.Healthz.Tests.Pages;

/// <summary>Contrasts that axe cannot measure: those of drawings and of text in drawings.</summary>
public sealed partial class DashboardStyleTests
{
    private const double Text = 4.5;
    private const double Drawing = 3;

    private static readonly string[] _grounds = ["page", "panel"];
    private static readonly string[] _texts = ["text", "quiet", "link", "warn-text", "bad-text"];
    private static readonly string[] _signs = ["good", "warn", "bad", "note", "unknown"];
    private static readonly string[] _drawings = [.. _signs, "grid"];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Colours_have_contrast_to_their_background(int scheme)
    {
        var colours = Schemes()[scheme];
        foreach (var ground in _grounds)
        {
            Assert.All(_texts, name => Assert.InRange(Contrast(colours[name], colours[ground]), Text, 21));
            Assert.All(_drawings, name => Assert.InRange(Contrast(colours[name], colours[ground]), Drawing, 21));
        }
    }

    [Fact]
    public void Text_on_signs_has_contrast() =>
        Assert.All(
            from colours in Schemes()
            from name in _signs
            select (name, contrast: Contrast(colours["ink"], colours[name])),
            sign => Assert.InRange(sign.contrast, Drawing, 21));

    /// <remarks>The used part of an error budget beside the rest.</remarks>
    [Fact]
    public void A_bar_has_contrast_to_its_frame() =>
        Assert.All(Schemes(), colours => Assert.InRange(Contrast(colours["grid"], colours["page"]), Drawing, 21));

    [Fact]
    public void Every_colour_is_measured() =>
        Assert.Equal(
            [.. _grounds, .. _texts, .. _drawings, "ink", "line"],
            Schemes()[0].Keys.OrderBy(name => Array.IndexOf<string>([.. _grounds, .. _texts, .. _drawings, "ink", "line"], name)));

    /// <remarks>So what <see cref="DashboardAccessTests"/> find in the light, but for colours, is so in the dark.</remarks>
    [Fact]
    public void In_the_dark_nothing_but_colours_is_different()
    {
        Assert.Matches(OnlyColours(), Assert.Single(Dark().Matches(DashboardStyle.Css)).Groups["rules"].Value);
        Assert.All(Use().Matches(DashboardStyle.Css), use => Assert.Matches(Colour(), use.Groups["property"].Value));
    }

    [Fact]
    public void The_policy_allows_this_style_and_nothing_else() =>
        Assert.Matches(
            "^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]{43}='; img-src data:; base-uri 'none'; form-action 'none'; "
                + "frame-ancestors 'none'$",
            DashboardStyle.ContentSecurityPolicy);

    [Fact]
    public void The_style_loads_nothing() =>
        Assert.DoesNotContain(Address().Matches(DashboardStyle.Css), address => !address.Groups["to"].Value.StartsWith('#'));

    private static List<Dictionary<string, string>> Schemes() =>
        [.. Root().Matches(DashboardStyle.Css).Take(2).Select(root => Variable().Matches(root.Value)
            .ToDictionary(variable => variable.Groups["name"].Value, variable => variable.Groups["colour"].Value))];

    /// <remarks>https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio.</remarks>
    private static double Contrast(string one, string other)
    {
        var (a, b) = (Luminance(one), Luminance(other));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    private static double Luminance(string colour)
    {
        var digits = colour.Length == 4 ? string.Concat(colour[1..].Select(digit => $"{digit}{digit}")) : colour[1..];
        var (red, green, blue) = (Linear(digits[..2]), Linear(digits[2..4]), Linear(digits[4..]));
        return (0.2126 * red) + (0.7152 * green) + (0.0722 * blue);
    }

    private static double Linear(string digits)
    {
        var value = int.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
        return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
    }

    [GeneratedRegex(@":root\{[^}]*--page[^}]*\}")]
    private static partial Regex Root();

    [GeneratedRegex("--(?<name>[a-z-]+):(?<colour>#[0-9a-f]+)")]
    private static partial Regex Variable();

    [GeneratedRegex(@"@media[^{]*prefers-color-scheme[^{]*\{(?<rules>[^}]*\}[^}]*)\}")]
    private static partial Regex Dark();

    [GeneratedRegex(@"^\s*:root\{(--[a-z-]+:#[0-9a-f]+;?)+\}\s*$")]
    private static partial Regex OnlyColours();

    [GeneratedRegex(@"(?<property>[a-z-]+):[^;{}]*var\(")]
    private static partial Regex Use();

    [GeneratedRegex("^(color|background|fill|stroke|outline|border(-[a-z]+)?)$")]
    private static partial Regex Colour();

    [GeneratedRegex(@"(url\(|@import )(?<to>[^)]*)")]
    private static partial Regex Address();
}
