namespace Caluma.Healthz.Tests.Dev.Demo;

/// <summary>The days of a demo that runs on Mondays and Thursdays.</summary>
internal static class DemoDays
{
    /// <summary>In 89 days there are 25 or 26 of them, and each of the two gaps can have one.</summary>
    public static void AssertAreMondaysAndThursdays(int count) => Assert.InRange(count, 23, 26);
}
