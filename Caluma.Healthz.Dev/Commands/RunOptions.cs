namespace Caluma.Healthz.Dev.Commands;

/// <summary>The options of <c>./dev run</c> and <c>./dev func</c>.</summary>
/// <param name="Once">Whether to end after one report.</param>
/// <param name="Demo">Whether to invent a history first.</param>
/// <param name="Native">Whether to run the server as the native program that ships.</param>
/// <param name="Port">The port of the probe; null for the first free port from 7071 on.</param>
internal sealed record RunOptions(bool Once, bool Demo, bool Native, int? Port)
{
    private const string PortOption = "--port";

    /// <exception cref="DevException">An option is invalid.</exception>
    public static RunOptions Parse(IReadOnlyList<string> args, FrontDoor frontDoor)
    {
        var options = new RunOptions(Once: false, Demo: false, Native: false, Port: null);
        for (var i = 0; i < args.Count; i++)
        {
            options = args[i] switch
            {
                "--once" => options with { Once = true },
                "--demo" => options with { Demo = true },
                "--native" when frontDoor == FrontDoor.Server => options with { Native = true },
                "--native" => throw new DevException("--native goes with ./dev run: the Functions app has no native form."),
                PortOption => options with { Port = ParsePort(args.ElementAtOrDefault(++i)) },
                var other when other.StartsWith($"{PortOption}=", StringComparison.Ordinal) =>
                    options with { Port = ParsePort(other[(PortOption.Length + 1)..]) },
                var other => throw new DevException($"{other} is not an option here; ./dev help lists them."),
            };
        }

        return options;
    }

    private static int ParsePort(string? text) => WholeNumber.Parse(PortOption, text, min: 1, max: 65535, example: 7071);
}
