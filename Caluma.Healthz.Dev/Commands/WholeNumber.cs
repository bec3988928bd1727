using System.Globalization;

namespace Caluma.Healthz.Dev.Commands;

/// <summary>Reads options that are whole numbers.</summary>
internal static class WholeNumber
{
    /// <param name="option">The name of the option.</param>
    /// <param name="text">What follows it; null where nothing does.</param>
    /// <param name="min">The minimum.</param>
    /// <param name="max">The maximum.</param>
    /// <param name="example">A number that people may want.</param>
    /// <exception cref="DevException">It is none, or out of range.</exception>
    public static int Parse(string option, string? text, int min, int max, int example) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : throw new DevException($"{option} must be a whole number from {min} to {max}, such as {option} {example}.");
}
