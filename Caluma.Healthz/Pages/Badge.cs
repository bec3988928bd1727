using System.Globalization;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Pages;

/// <summary>Draws the verdict and the availability of 30 days as a small image, for READMEs and wikis.</summary>
internal static class Badge
{
    private const string Label = "caluma";
    private const int Height = 20;
    private const int Padding = 6;

    /// <summary>The average width of Verdana at 11 pixels; <c>textLength</c> corrects the difference.</summary>
    private const double CharacterWidth = 6.9;

    public static string Draw(TrendReport report)
    {
        var (text, colour) = Verdict(report);
        var (left, right) = (Width(Label), Width(text));
        var title = $"{Label}: {text}";
        return Html.Of($"""
            <svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="{Height}" role="img" aria-label="{title}">
            <title>{title}</title>            <clipPath id="r"><rect width="{left + right}" height="{Height}" rx="3"/></clipPath>
            <g clip-path="url(#r)"><path fill="#3c434d" d="M0 0h{left}v{Height}H0z"/>
            <path fill="{colour}" d="M{left} 0h{right}v{Height}H{left}z"/></g>
            <g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" text-anchor="middle">
            {Text(Label, 0, left)}{Text(text, left, right)}</g></svg>
            """).ToString();
    }

    private static (string Text, string Colour) Verdict(TrendReport report)
    {
        // Rounded down: 100 % means that no run failed.
        var availability = report.Checks.Min(check => check.Window("30d").Availability);
        var share = availability is { } percent
            ? $" {(Math.Floor(percent * 100) / 100).ToString("0.##", CultureInfo.InvariantCulture)}%"
            : "";
        return report switch
        {
            { Ok: null } => ("no data", "#636b78"),
            { Stale: true } => ("stale" + share, "#636b78"),
            { Ok: true } => ("healthy" + share, "#00745a"),
            _ => ("failing" + share, "#b3261e"),
        };
    }

    private static int Width(string text) => (int)Math.Ceiling(text.Length * CharacterWidth) + (2 * Padding);

    private static Html Text(string text, int start, int width) => Html.Of(
        $"""<text x="{start + (width / 2.0)}" y="14" textLength="{width - (2 * Padding)}">{text}</text>""");
}
