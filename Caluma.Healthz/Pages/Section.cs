namespace Caluma.Healthz.Pages;

/// <summary>A section of a page.</summary>
/// <param name="Id">The id of its heading; null where the navigation has no link to it.</param>
/// <param name="Heading">Its text in the navigation.</param>
/// <param name="Content">The whole section.</param>
internal sealed record Section(string? Id, string Heading, Html Content)
{
    /// <summary>A section with a heading of its own.</summary>
    public static Section Of(string id, string heading, Html content) => Of(id, heading, heading, content);

    /// <param name="id">The id of its heading.</param>
    /// <param name="heading">Its text in the navigation.</param>
    /// <param name="title">Its text on the page.</param>
    /// <param name="content">The content below the heading.</param>
    public static Section Of(string id, string heading, string title, Html content) => new(id, heading, Html.Of($"""
        <section aria-labelledby="{id}"><h2 id="{id}">{title}</h2>
        {content}
        </section>

        """));

    /// <summary>A section that is folded on a phone, with the text that unfolds it.</summary>
    public static Section Folded(string id, string heading, string title, string offer, Html content) =>
        Of(id, heading, title, Html.Of($"<details class=\"fold\"><summary>{offer}</summary>\n{content}</details>"));
}
