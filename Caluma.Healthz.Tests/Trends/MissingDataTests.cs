namespace Caluma.Healthz.Tests.Trends;

/// <summary>Missing runs: the third in a row triggers, two recorded ones resolve.</summary>
public sealed class MissingDataTests
{
    [Theory]
    [InlineData("._.", "")]
    [InlineData(".__.", "")]
    [InlineData(".__.__.__.", "")]
    [InlineData(".___.", "+missing-data@12:03")]
    [InlineData(".___..", "+missing-data@12:03 -missing-data@12:05")]
    [InlineData("._99 ..", "+missing-data@12:03 -missing-data@13:41")]
    [InlineData(".___.___.___..", "+missing-data@12:03 -missing-data@12:13")]
    [InlineData(".___.__.", "+missing-data@12:03 -missing-data@12:07")]
    [InlineData(".___..___..", "+missing-data@12:03 -missing-data@12:05 +missing-data@12:08 -missing-data@12:10")]
    [InlineData("._9d ..", "+missing-data@12:03 -missing-data@9d12:02")]
    public void Three_missing_runs_trigger_and_two_recorded_ones_resolve(string runs, string said) =>
        Assert.Equal(said, new Story().Tell(runs));

    /// <summary>
    /// A run that was kept while the storage was away lands late. The rules then look again at what came after it.
    /// </summary>
    [Theory]
    [InlineData("12:05", "")]
    [InlineData("12:08", "")]
    [InlineData("12:09", "+missing-data@12:08")]
    public void Runs_that_are_missing_are_told_once_also_where_an_earlier_run_lands_late(string next, string said)
    {
        var story = new Story();
        var (begun, after) = (Story.At("12:00"), Story.At("12:05"));

        Assert.Equal("+missing-data@12:03", story.Tell([Story.Run(begun, '.'), Story.Run(after, '.')]));
        Assert.Equal("-missing-data@12:00", story.Tell([Story.Run(begun, '.', "late")]));
        Assert.Equal(said, story.Tell([Story.Run(Story.At(next), '.', "other")]));
    }

    [Theory]
    [InlineData("___.", "")]
    [InlineData("_3d ...", "")]
    public void Before_the_first_run_none_is_missing(string runs, string said) => Assert.Equal(said, new Story().Tell(runs));

    [Theory]
    [InlineData("xx___x", "+missing-data@12:04")]
    [InlineData("xx___xxx", "+missing-data@12:04 -missing-data@12:06 +unavailable@12:07")]
    [InlineData("xx__x", "+unavailable@12:04")]
    [InlineData(".___xx", "+missing-data@12:03 -missing-data@12:05")]
    [InlineData(".___m", "+missing-data@12:03")]
    [InlineData(".___mo", "+missing-data@12:03 -missing-data@12:05")]
    public void Whether_the_runs_pass_does_not_matter(string runs, string said) =>
        Assert.Equal(said, new Story { Only = Story.Verdicts }.Tell(runs));

    [Theory]
    [InlineData("12:03", "")]
    [InlineData("12:03:01", "+missing-data@12:03")]
    [InlineData("2.12:00", "+missing-data@12:03")]
    public void Time_alone_triggers_after_the_third_missing_run(string until, string said)
    {
        var story = new Story();
        story.Tell(".");

        Assert.Equal(said, story.Wait(until));
    }

    [Fact]
    public void An_alert_triggered_by_time_is_not_triggered_again_by_the_next_run()
    {
        var story = new Story();
        var runs = story.Runs(("default", "._9 ..")).ToList();

        Assert.Equal("", story.Wait("12:00"));
        Assert.Equal("", story.Tell(runs[..1]));
        Assert.Equal("+missing-data@12:03", story.Wait("12:05"));
        Assert.Equal("", story.Wait("12:06"));
        Assert.Equal("-missing-data@12:11", story.Tell(runs[1..]));
    }

    /// <summary>Noon is on a Sunday.</summary>
    [Theory]
    [InlineData("0 */5 * * * *", ".__.", "")]
    [InlineData("0 */5 * * * *", ".___..", "+missing-data@12:15 -missing-data@12:25")]
    [InlineData("*/5 * * * * *", ".__.", "")]
    [InlineData("*/5 * * * * *", ".___..", "+missing-data@12:00:15 -missing-data@12:00:25")]
    [InlineData("0 0 9-17 * * 1-5", ".45 .9", "")]
    [InlineData("0 0 9-17 * * 1-5", ".8 __ .9", "")]
    [InlineData("0 0 9-17 * * 1-5", ".8 ___ .9", "+missing-data@2d10:00 -missing-data@2d12:00")]
    [InlineData("0 0 9-17 * * 1-5", ".44 ___ ..", "+missing-data@8d10:00 -missing-data@8d12:00")]
    [InlineData("0 0 0 1 1 *", ".___..", "+missing-data@1136d00:00 -missing-data@1866d00:00")]
    public void Missing_runs_are_those_of_the_schedule(string schedule, string runs, string said) =>
        Assert.Equal(said, new Story { Schedule = schedule }.Tell(runs));

    [Theory]
    [InlineData("12:01/12:10", "._9 .", "")]
    [InlineData("12:01/12:10", "._11 .", "")]
    [InlineData("12:01/12:10", "._12 .", "+missing-data@12:12")]
    [InlineData("12:02/12:10", "._9 .", "")]
    [InlineData("12:02/12:10", "._10 .", "")]
    [InlineData("12:02/12:10", "._11 .", "+missing-data@12:11")]
    [InlineData("12:02/12:10", ".. o8 __ .", "")]
    [InlineData("12:02:30/12:09:30", "._9 .", "")]
    [InlineData("12:02:30/12:09:30", "._10 .", "+missing-data@12:10")]
    [InlineData("11:00/12:01", ".___.", "+missing-data@12:03")]
    [InlineData("11:00/12:01:01", ".___.", "")]
    [InlineData("12:01/3.00:00", "._2d ..", "")]
    public void Ticks_during_maintenance_are_not_missing(string maintenance, string runs, string said) =>
        Assert.Equal(said, new Story { Maintenance = [maintenance] }.Tell(runs));

    [Fact]
    public void Maintenance_windows_may_overlap() =>
        Assert.Equal(
            "+missing-data@12:33 -missing-data@12:36",
            new Story { Maintenance = ["12:10/12:30", "12:01/12:11", "12:01/12:02", "12:20/12:31"] }.Tell("._34 .."));
}
