using Caluma.Healthz.Tests.Recording;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace Caluma.Healthz.Tests;

/// <summary>
/// Runs the tests, as the entry point does that xunit would generate. Told to, it is a process that records, for a test to kill, or
/// says which slow tests a change does not touch.
/// </summary>
internal static class EntryPoint
{
    public static Task<int> Main(string[] args) =>
        args.FirstOrDefault() == RecordingLoop.Command ? RecordingLoop.RunAsync(args)
        : args.FirstOrDefault() == TestSelection.Command ? PrintUntouched()
        : args.Any(arg => arg is "--server" or "--internal-msbuild-node") ? RunByPlatformAsync(args)
        : RunByItselfAsync(args);

    // Each in a method of its own, so that a process that records need not load what runs the tests.
    private static Task<int> RunByPlatformAsync(string[] args) =>
        TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions);

    private static Task<int> PrintUntouched()
    {
        foreach (var name in TestSelection.LeftOut(Console.In.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)))
        {
            Console.WriteLine(name);
        }

        return Task.FromResult(0);
    }

    private static Task<int> RunByItselfAsync(string[] args) => ConsoleRunner.Run(args);
}
