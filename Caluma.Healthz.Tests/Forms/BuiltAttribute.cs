namespace Caluma.Healthz.Tests.Forms;

/// <summary>
/// The tests of a class ask the program that was built with them, which <c>./dev run</c> starts, in a process of its own.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class BuiltAttribute : ProcessFormAttribute
{
    /// <summary>The path of the program.</summary>
    internal static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "caluma-healthz");

    internal override Task<string> FindProgramAsync() => Task.FromResult(Program);
}
