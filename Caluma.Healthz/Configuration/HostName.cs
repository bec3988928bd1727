using System.Globalization;

namespace Caluma.Healthz.Configuration;

/// <summary>Names of hosts. Those beyond ASCII DNS knows in an encoding (https://www.rfc-editor.org/rfc/rfc5891).</summary>
internal static class HostName
{
    /// <summary>A name as DNS knows it.</summary>
    /// <returns>Null where it cannot be one, such as <c>dä..b</c>.</returns>
    public static string? Encode(string name)
    {
        try
        {
            return new IdnMapping().GetAscii(name);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>
    /// Whether the host of an address can be one. <see cref="Uri"/> accepts also such as cannot be encoded, and throws when it is asked for
    /// <see cref="Uri.IdnHost"/>.
    /// </summary>
    public static bool IsIn(Uri address) => Encode(address.Host) is not null;
}
