using System.Text;
using Caluma.Healthz.Migrations;

namespace Caluma.Healthz.Tests.Migrations;

public sealed class MigrationPlanTests
{
    [Fact]
    public void A_plan_expects_all_that_it_lists_ticked_or_not()
    {
        var plan = Read(RecordedPlan.Behind);

        Assert.True(plan.Compare(Applied.At("9.3.3")).Ok);
        Assert.Equal(Applied.At("9.3.3"), plan.Compare(Applied.Nothing).Unapplied.ToHashSet());
    }

    [Fact]
    public void A_database_that_lacks_some_of_a_plan_is_behind_it_in_its_order()
    {
        var verdict = Read("[X]  app.2\n[X]  app.1\n[ ]  app.3\n").Compare(Applied.Of("app.3", "other.1"));

        Assert.Equal(Reason.Behind, verdict.Reason);
        Assert.Null(verdict.Release);
        Assert.Equal([new("app", "2"), new("app", "1")], verdict.Unapplied);
    }

    [Theory]
    [InlineData("[X]  app.0001_initial")]
    [InlineData("[ ]  app.0001_initial\r\n")]
    [InlineData("\n\n  \n[X]  app.0001_initial\n\n")]
    [InlineData("  [X] app.0001_initial \n")]
    [InlineData("[X]  app.0001_initial\n[ ]  app.0001_initial\n")]
    [InlineData("[X]  app.0001_initial ... (contenttypes.0001_initial, other.__first__)\r\n")]
    [InlineData("\uFEFF[X]  app.0001_initial\n")]
    [InlineData("\e[1;32m[X]\e[0m  app.0001_initial\e[K\n")]
    public void Additions_of_terminals_shells_and_editors_are_ignored(string text) =>
        Assert.Equal([new("app", "0001_initial")], Read(text).Compare(Applied.Nothing).Unapplied);

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    public void A_file_with_a_byte_order_mark_is_read(string encoding)
    {
        // PowerShell's > writes UTF-16.
        var to = Encoding.GetEncoding(encoding);
        using var reader = new StreamReader(new MemoryStream([.. to.GetPreamble(), .. to.GetBytes("[X]  app.0001_initial\r\n")]));

        Assert.Single(MigrationPlan.Read(reader).Compare(Applied.Nothing).Unapplied);
    }

    [Theory]
    [InlineData("[X]  app.1\n\nsecret", 3)]
    [InlineData("secret=[X]  app.1\n", 1)]
    [InlineData("[X]  app.1 secret\n", 1)]
    [InlineData("[X]  app.1\r\n[X]  secret\r\n", 2)]
    [InlineData("[X]  app.1\n[X]  app.1.secret\n", 2)]
    [InlineData("[X]  app.\asecret\n", 1)]
    [InlineData("[x]  app.secret\n", 1)]
    [InlineData("[-]  app.secret\n", 1)]
    [InlineData("secret_app\n [X] 0001_initial\n", 1)]
    [InlineData("(no migrations)\n", 1)]
    public void An_invalid_line_is_refused_by_its_number_and_not_shown(string text, int line)
    {
        var exception = Assert.Throws<FormatException>(() => Read(text));

        Assert.StartsWith($"Line {line} of the plan is not of the form \"[X]  app.name\"", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\uFEFF\r\n \r\n")]
    public void A_plan_without_migrations_is_refused(string text) =>
        Assert.Equal("The plan lists no migration.", Assert.Throws<FormatException>(() => Read(text)).Message);

    [Fact]
    public void A_plan_over_the_size_limit_is_refused()
    {
        var longest = "[X]  app.1".PadRight(MigrationPlan.MaxLength);
        using var beyond = new StringReader(longest + " " + longest);

        Assert.Single(Read(longest).Compare(Applied.Nothing).Unapplied);
        var exception = Assert.Throws<FormatException>(() => MigrationPlan.Read(beyond));
        Assert.Equal("The plan is longer than 262144 characters.", exception.Message);
        Assert.Equal(longest, beyond.ReadToEnd());
    }

    [Theory]
    [InlineData("app", true)]
    [InlineData("other", true)]
    [InlineData("ap", false)]
    [InlineData("caluma_form", false)]
    public void The_apps_of_the_plan_are_expected(string app, bool isExpected) =>
        Assert.Equal(isExpected, Read("[X]  app.1\n[X]  app.2\n[ ]  other.1\n").Expects(app));

    private static MigrationPlan Read(string text)
    {
        using var reader = new StringReader(text);
        return MigrationPlan.Read(reader);
    }
}
