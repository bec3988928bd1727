namespace Caluma.Healthz.Tests;

public sealed class NextStepsTests
{
    [Fact]
    public void There_is_a_next_step_for_each_reason_of_each_check()
    {
        var steps = CheckNames.All.SelectMany(check => Enum.GetValues<Reason>().Select(reason => NextSteps.For(check, reason))).ToList();

        Assert.All(
            [.. steps, NextSteps.ForProbe, NextSteps.ForRecording, NextSteps.ForLatency], step => Assert.Matches("^[a-z].*[^.]$", step));
        Assert.InRange(steps.Distinct().Count(), Enum.GetValues<Reason>().Length, steps.Count);
    }

    [Fact]
    public void A_next_step_is_about_its_check()
    {
        Assert.Contains("PGSSLMODE", NextSteps.For(Check.Databases, Reason.Tls), StringComparison.Ordinal);
        Assert.Contains("rediss://", NextSteps.For(Check.Caches, Reason.Tls), StringComparison.Ordinal);
        Assert.Contains("MINIO_STORAGE_USE_HTTPS", NextSteps.For(Check.MediaStorageService, Reason.Tls), StringComparison.Ordinal);
    }
}
