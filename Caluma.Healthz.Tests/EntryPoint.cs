using Caluma.Healthz.Tests.Endurance;
using Caluma.Healthz.Tests.Fuzzing;
using Caluma.Healthz.Tests.Recording;
using Caluma.Healthz.Tests.Recording.Simulation;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace Caluma.Healthz.Tests;

/// <summary>
/// Runs the tests, like the entry point that xunit would generate. With special arguments it is a recording process for a test to kill, or
/// says which slow tests a change touches.
/// </summary>
internal static class EntryPoint
{
    public static Task<int> Main(string[] args)
    {
        // For the programs that tests start, each of which lives for a second or two: a seventh less processor time.
        Environment.SetEnvironmentVariable("DOTNET_TieredPGO", "0");
        return args.FirstOrDefault() == RecordingLoop.Command ? RecordingLoop.RunAsync(args)
            : args.FirstOrDefault() == SimulationCommand.Command ? Task.FromResult(SimulationCommand.Run(args))
            : args.FirstOrDefault() == FuzzCommand.Command ? Task.FromResult(FuzzCommand.Run(args))
            : args.FirstOrDefault() == EnduranceCommand.Command ? EnduranceCommand.RunAsync(args)
            : args.FirstOrDefault() == KillCommand.Command ? KillCommand.RunAsync(args)
            : args.FirstOrDefault() == TestSelection.Command ? PrintTouched()
            : args.Any(arg => arg is "--server" or "--internal-msbuild-node") ? RunByPlatformAsync(args)
            : RunByItselfAsync(args);
    }

    // In methods of their own, so that a recording process does not load the test framework.
    private static Task<int> RunByPlatformAsync(string[] args) =>
        TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions);

    private static Task<int> PrintTouched()
    {
        var changed = Console.In.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        foreach (var (name, isTouched) in TestSelection.Touched(changed).OrderBy(type => type.Key, StringComparer.Ordinal))
        {
            Console.WriteLine($"{(isTouched ? "touched" : "untouched")} {name}");
        }

        return Task.FromResult(0);
    }

    private static Task<int> RunByItselfAsync(string[] args) => ConsoleRunner.Run(args);
}
