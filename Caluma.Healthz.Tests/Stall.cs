using Xunit.Sdk;

namespace Caluma.Healthz.Tests;

/// <summary>A machine that stalls for seconds makes healthy servers time out.</summary>
internal static class Stall
{
    /// <summary>Repeats a test in which a healthy server timed out, at most twice. A fault of the code fails each time.</summary>
    /// <param name="test">The test.</param>
    /// <param name="hasStalled">Whether the failed test saw a healthy server time out.</param>
    public static async Task RepeatAsync(Func<Task> test, Func<bool> hasStalled)
    {
        for (var repeats = 2; ; repeats--)
        {
            try
            {
                await test();
                return;
            }
            catch (XunitException) when (hasStalled() && repeats > 0)
            {
                TestContext.Current.TestOutputHelper?.WriteLine("The machine has stalled.");
            }
        }
    }
}
