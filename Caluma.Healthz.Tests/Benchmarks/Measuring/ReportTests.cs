using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Caluma.Healthz.Benchmarks.Measuring;

namespace Caluma.Healthz.Tests.Benchmarks.Measuring;

/// <summary>The table, for people and for programs.</summary>
public sealed partial class ReportTests
{
    private static readonly Head _head =
        new(new DateTimeOffset(2026, 11, 28, 2, 0, 0, TimeSpan.Zero), "2 cores, 24 GB, load 0.1", "Linux", ".NET 10", "abc+");

    private static readonly Row[] _rows =
    [
        new("start to first ping", "s", new Samples(0.13, 0.12, 0.15))
        {
            Against = "an empty app", Theirs = new Samples(0.26, 0.24, 0.2), Goal = Goal.MaxRatio(0.6),
        },
        new("resident", "MB", new Samples(71.25)) { Goal = Goal.Max(70) },
        new("answers a second", "", new Samples(12345.6, 11111, 13000)),
    ];

    private static readonly string[] _notes = ["A quarter of a core is made by a control group (v1)."];

    [Fact]
    public void People_get_a_table_with_a_head_and_notes()
    {
        using var output = new StringWriter { NewLine = "\n" };
        Write(new TextReport(output));

        var lines = output.ToString().Split('\n');
        Assert.Equal(
            ["time     2026-11-28 02:00 UTC", "machine  2 cores, 24 GB, load 0.1", "system   Linux, .NET 10", "commit   abc+", ""],
            lines[..5]);
        Assert.Equal(
            [
                "OURS | AGAINST | RATIO | GOAL",
                "start to first ping | 0.13 s (0.12 to 0.15) | an empty app | 0.24 s (0.2 to 0.26) | 0.5x (0.5 to 0.75) | <= 0.6x | met",
                "resident | 71.3 MB | <= 70 MB | missed",
                "answers a second | 12,346 (11,111 to 13,000)",
            ],
            lines[5..9].Select(line => Gap().Replace(line.Trim(), " | ")));
        Assert.Equal(
            [
                "", "Medians of the rounds, with the smallest and the largest value; ratios are taken round by round.",
                "A quarter of a core is made by a control group (v1).", "",
            ],
            lines[9..]);
        var goals = lines[5].IndexOf("GOAL", StringComparison.Ordinal);
        Assert.All(lines[6..8], line => Assert.Equal(goals, line.IndexOf("<= ", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_row_is_written_as_soon_as_it_is_measured()
    {
        using var output = new StringWriter { NewLine = "\n" };
        var report = new TextReport(output);
        report.Begin(_head);
        report.Add(_rows[1]);

        Assert.EndsWith("<= 70 MB   missed\n", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Programs_get_every_round_and_whether_goals_are_met()
    {
        using var output = new StringWriter();
        Write(new JsonReport(output));
        var json = JsonNode.Parse(output.ToString())!;

        Assert.Equal("abc+", (string?)json["head"]!["commit"]);
        Assert.Equal("[0.13,0.12,0.15]", json["rows"]![0]!["ours"]!["rounds"]!.ToJsonString());
        Assert.Equal(0.5, (double)json["rows"]![0]!["ratio"]!["median"]!);
        Assert.Equal("<= 0.6x", (string?)json["rows"]![0]!["goal"]);
        Assert.Equal([true, false, null], json["rows"]!.AsArray().Select(row => (bool?)row!["isMet"]));
        Assert.Equal(_notes, json["notes"]!.AsArray().Select(note => (string)note!));
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(0.0123, "0.0123")]
    [InlineData(0.1239, "0.124")]
    [InlineData(1.239, "1.24")]
    [InlineData(12.39, "12.4")]
    [InlineData(123.9, "124")]
    [InlineData(12390, "12,390")]
    [InlineData(3, "3")]
    [InlineData(100, "100")]
    public void A_number_has_three_digits_that_count(double value, string text) => Assert.Equal(text, TextReport.Number(value));

    private static void Write(IReport report)
    {
        report.Begin(_head);
        Array.ForEach(_rows, report.Add);
        report.End(_notes);
    }

    [GeneratedRegex(" {2,}")]
    private static partial Regex Gap();
}
