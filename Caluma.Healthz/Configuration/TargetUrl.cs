using System.Collections.Specialized;
using System.Text.RegularExpressions;
using System.Web;

namespace Caluma.Healthz.Configuration;

/// <summary>The URL of a target: <c>scheme://user:password@host:port/path?name=value</c>, each part percent-encoded.</summary>
/// <param name="Scheme">In lower case.</param>
/// <param name="User">Null where there is none.</param>
/// <param name="Password">Null where there is none.</param>
/// <param name="Host">A name or an address, without brackets.</param>
/// <param name="Port">Null where there is none.</param>
/// <param name="Path">Without the slashes around it.</param>
/// <param name="Parameters">The parameters of the query.</param>
internal sealed partial record TargetUrl(
    string Scheme, string? User, string? Password, string Host, int? Port, string Path, NameValueCollection Parameters)
{
    /// <summary>The host, without the password.</summary>
    public override string ToString() => Host;

    /// <summary>Whether a setting is written as a URL. Other connection strings may have <c>://</c> further on, in a password.</summary>
    public static bool IsWrittenAs(string value) => Start().IsMatch(value);

    /// <param name="value">The URL.</param>
    /// <param name="schemes">The allowed schemes.</param>
    /// <param name="problem">Receives the problem, without any part of the URL that may be secret.</param>
    /// <returns>Null where the URL is invalid.</returns>
    public static TargetUrl? Parse(string value, IReadOnlyList<string> schemes, Action<string> problem)
    {
        // An unencoded / ? or # in a password would end the host, and the rest would be read as a path or query.
        if (!Uri.TryCreate(value, UriKind.Absolute, out var uri)
            || !HostName.IsIn(uri)
            || uri.Host.Length == 0 || uri.Port == 0 || uri.Fragment.Length > 0 || uri.PathAndQuery.Contains('@', StringComparison.Ordinal))
        {
            problem("is not a well-formed URL (are all special characters percent-encoded?)");
            return null;
        }

        if (!schemes.Contains(uri.Scheme))
        {
            problem($"has the scheme {SettingsReader.Printable(uri.Scheme)}, which this version cannot probe");
            return null;
        }

        var user = uri.UserInfo.Split(':', 2);
        return new TargetUrl(
            uri.Scheme,
            Unescape(user[0]),
            Unescape(user.ElementAtOrDefault(1)),
            uri.IdnHost.Trim('[', ']'),
            uri.IsDefaultPort ? null : uri.Port,
            Unescape(uri.AbsolutePath.Trim('/')) ?? "",
            HttpUtility.ParseQueryString(uri.Query));
    }

    private static string? Unescape(string? text) => string.IsNullOrEmpty(text) ? null : Uri.UnescapeDataString(text);

    [GeneratedRegex(@"^\s*[a-z][a-z0-9+.-]*://", RegexOptions.IgnoreCase)]
    private static partial Regex Start();
}
