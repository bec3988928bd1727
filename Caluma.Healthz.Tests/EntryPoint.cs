using Caluma.Healthz.Tests.Recording;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace Caluma.Healthz.Tests;

/// <summary>
/// Runs the tests, like the entry point that xunit would generate. With special arguments it is a recording process for a test to kill, or
/// lists the slow tests that a change does not touch.
/// </summary>
internal static class EntryPoint
{
    public static Task<int> Main(string[] args) =>
        args.FirstOrDefault() == RecordingLoop.Command ? RecordingLoop.RunAsync(args)
        : args.FirstOrDefault() == TestSelection.Command ? PrintUntouched()
        : args.Any(arg => arg is "--server" or "--internal-msbuild-node") ? RunByPlatformAsync(args)
        : RunByItselfAsync(args);

    // In methods of their own, so that a recording process does not load the test framework.
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
