using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Caluma.Healthz.Pages;

/// <summary>
/// The style of the pages, <c>dashboard.css</c>. Each page contains it, and the Content-Security-Policy allows nothing but its hash.
/// </summary>
internal static partial class DashboardStyle
{
    /// <summary>Without comments and white space, because each page contains it.</summary>
    public static string Css { get; } = Compact(Read());

    /// <summary>The policy forbids loading, scripts, frames and forms.</summary>
    public static string ContentSecurityPolicy { get; } =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Css)))}'; img-src data:; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static string Read()
    {
        using var file = typeof(DashboardStyle).Assembly.GetManifestResourceStream("Caluma.Healthz.Pages.dashboard.css")!;
        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }

    private static string Compact(string css) =>
        Punctuation().Replace(Space().Replace(Comment().Replace(css, ""), " "), "$1")
            .Replace(": ", ":", StringComparison.Ordinal)
            .Replace(";}", "}", StringComparison.Ordinal)
            .Trim();

    [GeneratedRegex(@"/\*.*?\*/", RegexOptions.Singleline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();

    /// <summary>Around these, no selector or value needs a space.</summary>
    [GeneratedRegex(" ?([{};,>]) ?")]
    private static partial Regex Punctuation();
}
