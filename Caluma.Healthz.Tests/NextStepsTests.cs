namespace Caluma.Healthz.Tests;

public sealed class NextStepsTests
{
    [Fact]
    public void There_is_one_for_each_reason_of_each_check_and_it_goes_on_after_a_colon()
    {
        var steps = CheckNames.All.SelectMany(check => Enum.GetValues<Reason>().Select(reason => NextSteps.For(check, reason))).ToList();

        Assert.All(
            [.. steps, NextSteps.ForProbe, NextSteps.ForRecording, NextSteps.ForLatency], step => Assert.Matches("^[a-z].*[^.]$", step));
        Assert.InRange(steps.Distinct().Count(), Enum.GetValues<Reason>().Length, steps.Count);
    }

    [Fact]
    public void It_is_about_what_was_checked()
    {
        Assert.Contains("PGSSLMODE", NextSteps.For(Check.Databases, Reason.Tls), StringComparison.Ordinal);
        Assert.Contains("rediss://", NextSteps.For(Check.Caches, Reason.Tls), StringComparison.Ordinal);
        Assert.Contains("MINIO_STORAGE_USE_HTTPS", NextSteps.For(Check.MediaStorageService, Reason.Tls), StringComparison.Ordinal);
    }
}
