using System.Globalization;

namespace Caluma.Healthz.Configuration;

/// <summary>Names of hosts beyond ASCII, which DNS knows in an encoding (https://www.rfc-editor.org/rfc/rfc5891).</summary>
internal static class HostName
{
    /// <summary>A name as DNS knows it.</summary>
    /// <returns>Null where a name with other characters than those of ASCII cannot be one, such as <c>dä..b</c>.</returns>
    public static string? Encode(string name)
    {
        try
        {
            return name.All(char.IsAscii) ? name : new IdnMapping().GetAscii(name);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
