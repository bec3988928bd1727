using Caluma.Healthz.Configuration;
using Caluma.Healthz.Server.Commands;

namespace Caluma.Healthz.Tests.Server.Commands;

/// <summary>Tables and sentences on terminals of several widths, and in a pipe.</summary>
public sealed class ConsoleTableTests
{
    private static readonly Column<(string Name, string Time, string Note)>[] _columns =
    [
        new("NAME", row => row.Name, wraps: true), new("TIME", row => row.Time), new("NOTE", row => row.Note, onlyWide: true),
    ];

    private static readonly (string Name, string Time, string Note)[] _rows = [("media storage service", "2026-11-28 07:00", "a note")];

    [Theory]
    [InlineData(60, "NAME                   TIME              NOTE\nmedia storage service  2026-11-28 07:00  a note\n")]
    [InlineData(42, "NAME            TIME              NOTE\nmedia storage   2026-11-28 07:00  a note\nservice\n")]
    [InlineData(30, "NAME        TIME\nmedia       2026-11-28 07:00\nstorage\nservice\nNot shown, for want of width:\nNOTE.\n")]
    public void A_table_breaks_only_names_then_leaves_columns_out_and_says_which(int width, string text)
    {
        var output = new StringWriter();

        ConsoleTable.Write(output, _rows, _columns, width: width);

        Assert.Equal(text, Lines(output));
    }

    [Fact]
    public void A_sentence_is_broken_between_words_on_a_terminal_alone()
    {
        var (terminal, pipe) = (new StringWriter(), new StringWriter());

        ConsoleTable.WriteLine(terminal, "Try: check that it runs, and listens.", width: 20);
        ConsoleTable.WriteLine(pipe, new string('x', 600) + " end");

        Assert.Equal("Try: check that it\nruns, and listens.\n", Lines(terminal));
        Assert.Equal(new string('x', 600) + " end\n", Lines(pipe));
    }

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(120)]
    public void The_names_of_settings_are_unbroken_on_every_terminal(int width)
    {
        var output = new StringWriter();
        ConfigurationValue[] values =
        [
            new("media storage", "http://127.0.0.1:10000/account container media", "Healthz__MediaStorage__ConnectionString"),
        ];

        ConfigCommand.Write(output, values, width);

        Assert.Contains("Healthz__MediaStorage__ConnectionString", Lines(output), StringComparison.Ordinal);
        Assert.All(Lines(output).Split('\n'), line => Assert.InRange(line.Length, 0, width));
    }

    private static string Lines(StringWriter output) =>
        string.Join('\n', output.ToString().Split('\n').Select(line => line.TrimEnd()));
}
