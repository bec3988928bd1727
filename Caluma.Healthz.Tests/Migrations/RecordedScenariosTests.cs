using Caluma.Healthz.Migrations;

namespace Caluma.Healthz.Tests.Migrations;

/// <summary>
/// The recorded verdicts of a real Caluma 9.3.3 hold for each kind of expectation. <c>migrations-table-missing</c> is left out, because
/// reading the rows fails.
/// </summary>
public sealed class RecordedScenariosTests
{
    private static readonly string[] _form = [.. Applied.At("9.3.3").Where(row => row.App is "caluma_form").Select(row => row.ToString())];

    private static readonly Dictionary<string, HashSet<Migration>> _databases = new()
    {
        ["migrations-ahead"] = Applied.At("9.3.3").With("caluma_form.9999_from_the_future", "gone_app.0001_initial"),
        ["migrations-behind"] = Applied.At("9.3.3").Without(_form[^3..]),
        ["migrations-behind-contenttypes"] = Applied.At("9.3.3").Without("contenttypes.0002_remove_content_type_name"),
        ["showmigrations-plan-9.3.3-behind"] = Applied.Of(
            RecordedPlan.Behind.Split('\n').Where(line => line is ['[', 'X', ..]).Select(line => line[5..])),
    };

    [Theory]
    [InlineData("migrations-ahead", null, null)]
    [InlineData("migrations-behind", Reason.Behind, Reason.Partial)]
    [InlineData("migrations-behind-contenttypes", Reason.Behind, Reason.Behind)]
    [InlineData("showmigrations-plan-9.3.3-behind", Reason.Behind, Reason.Behind)]
    public void A_database_gets_the_same_verdict_as_from_Caluma(string scenario, Reason? reason, Reason? reasonWithoutRelease)
    {
        using var plan = new StringReader(RecordedPlan.Behind);
        var database = _databases[scenario];

        Assert.Equal(reason, KnownReleases.Find("9.3.3")!.Compare(database).Reason);
        Assert.Equal(reason, MigrationPlan.Read(plan).Compare(database).Reason);
        Assert.Equal(reasonWithoutRelease, NewestCompleteRelease.Auto.Compare(database).Reason);
    }
}
