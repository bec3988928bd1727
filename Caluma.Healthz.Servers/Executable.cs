namespace Caluma.Healthz.Servers;

/// <summary>Finds the programs of servers.</summary>
internal static class Executable
{
    /// <summary>Finds a program on the PATH; if it is missing, the exception says how to install it.</summary>
    public static string Find(string name, params IEnumerable<string> alsoIn) =>
        Locate(name, alsoIn) ?? throw Missing(name);

    /// <summary>Whether a program is on the PATH, or in one of some other folders.</summary>
    public static bool IsInstalled(string name, IEnumerable<string> alsoIn) => Locate(name, alsoIn) is not null;

    /// <summary>Whether a program is on the PATH.</summary>
    public static bool IsInstalled(string name) => IsInstalled(name, []);

    public static FileNotFoundException Missing(string what) =>
        new($"{what} is not installed. Run `./dev test`: it installs what the tests need.");

    private static string? Locate(string name, IEnumerable<string> alsoIn) =>
        alsoIn.Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);
}
