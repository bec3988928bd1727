using Caluma.Healthz.Dev.Setup;

namespace Caluma.Healthz.Tests.Forms;

/// <summary>The tests of a class ask the native program that ships, in a process of its own.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NativeAttribute : ProcessFormAttribute
{
    private static readonly Lazy<Task<string>> _program = new(() => new NativeServer(Repository.Root).PublishAsync(CancellationToken.None));

    /// <summary>The path of the native program; compiled first, where its sources have changed.</summary>
    internal static Task<string> Program => _program.Value;

    internal override Task<string> FindProgramAsync() => Program;
}
