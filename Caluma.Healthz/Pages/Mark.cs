namespace Caluma.Healthz.Pages;

/// <summary>
/// Draws a sign for each tone, with a shape of its own beside the colour: a disc, a triangle, an octagon, a diamond, a
/// square.
/// </summary>
internal static class Mark
{
    /// <summary>The definitions that <see cref="Of"/> uses, once in a page.</summary>
    public static Html Definitions { get; } = Html.Join(Enum.GetValues<Tone>().Select(tone => Html.Of(
        $"""
        <symbol id="{Name(tone)}" viewBox="0 0 16 16"><path class="{Name(tone)}" d="{Outline(tone)}"/>
        <path class="ink" d="{Ink(tone)}"/></symbol>
        """)));

    /// <summary>The sign. The text beside it must say the same.</summary>
    public static Html Of(Tone tone) => Html.Of($"""<svg class="mark" aria-hidden="true"><use href="#{Name(tone)}"/></svg>""");

    /// <summary>The sign for the tab of the browser.</summary>
    public static Html Icon(Tone tone)
    {
        const string Svg = "%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E";
        var path = Html.Of($"%3Cpath fill='%23{Colour(tone)}' d='{Outline(tone)}'/%3E");
        return Html.Of(
            $"""<link rel="icon" href="data:image/svg+xml,{Html.Raw(Svg)}{path}%3C/svg%3E">""");
    }

    /// <summary>The CSS class of a tone.</summary>
    public static string Name(Tone tone) => tone switch
    {
        Tone.Good => "good",
        Tone.Warning => "warn",
        Tone.Bad => "bad",
        Tone.Maintenance => "note",
        _ => "unknown",
    };

    private static string Outline(Tone tone) => tone switch
    {
        Tone.Good => "M8 0a8 8 0 1 1 0 16A8 8 0 1 1 8 0z",
        Tone.Warning => "M8 0l8 15.5H0z",
        Tone.Bad => "M5 0h6l5 5v6l-5 5H5l-5-5V5z",
        Tone.Maintenance => "M8 0l8 8-8 8-8-8z",
        _ => "M1 1h14v14H1z",
    };

    private static string Ink(Tone tone) => tone switch
    {
        Tone.Good => "M4.5 8.5l2.5 2.5 4.5-5.5",
        Tone.Warning => "M8 6v4M8 12.7v.1",
        Tone.Bad => "M5 5l6 6M11 5l-6 6",
        Tone.Maintenance => "M6.5 6v4M9.5 6v4",
        _ => "M5 8h6",
    };

    /// <summary>The colours of the light style: an icon cannot use the page's style.</summary>
    private static string Colour(Tone tone) => tone switch
    {
        Tone.Good => "1f8a6b",
        Tone.Warning => "b87400",
        Tone.Bad => "c8362d",
        Tone.Maintenance => "2878bd",
        _ => "7d8590",
    };
}
