using System.Text;
using System.Text.Json.Nodes;
using Caluma.Healthz.History;
using FsCheck.Xunit;

namespace Caluma.Healthz.Tests.History;

public sealed class RecordLineTests
{
    private static readonly DateTimeOffset _noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private static readonly RunRecord _record = new(
        _noon,
        _noon.AddSeconds(0.25),
        5003.4,
        Ok: false,
        Late: false,
        Maintenance: false,
        "timer",
        "web-1-a3f09c",
        [new(Check.Databases, "default", true, 3.2), new(Check.DatabaseModels, "default", false, 5000, Reason.Timeout)]);

    /// <summary>The last four bytes may begin a record. One that began with the line would be too long.</summary>
    [Theory]
    [InlineData("0123456789", 6)]
    [InlineData("{\"v\":56789", 6)]
    [InlineData("0{\"v\":6789", 1)]
    [InlineData("{\"v\":{\"v\":", 5)]
    public void The_last_record_of_an_unfinished_line_may_begin_at(string line, int at) =>
        Assert.Equal(at, RecordLine.LastStart(Encoding.UTF8.GetBytes(line)));

    [Fact]
    public void A_record_is_a_line_of_JSON() =>
        Assert.Equal(
            """
            {"v":1,"tick":"2026-11-22T12:00:00Z","started":"2026-11-22T12:00:00.25Z","durationMs":5003.4,
            """
            + """
            "ok":false,"late":false,"maintenance":false,
            """
            + """
            "source":"timer","instance":"web-1-a3f09c","checks":[{"check":"databases","target":"default","ok":true,"ms":3.2},
            """
            + """
            {"check":"database models","target":"default","ok":false,"ms":5000,"reason":"timeout"}]}
            """ + "\n",
            Text(_record));

    [Property]
    public void A_record_is_read_back_as_it_was_written(
        int tick, double duration, bool ok, bool late, bool maintenance, string? target, string? instance, byte check, byte reason)
    {
        duration = double.IsFinite(duration) ? duration : 0;
        var record = new RunRecord(
            _noon.AddMinutes(tick),
            _noon.AddTicks(tick),
            duration,
            ok,
            late,
            maintenance,
            "server",
            Valid(instance),
            [new CheckRecord((Check)(check % 5), Valid(target), ok, duration, ok ? null : (Reason)(reason % 15))]);

        Assert.DoesNotContain('\n', Text(record)[..^1]);
        Assert.Equivalent(record, ReadIntact(Text(record)), strict: true);

        // A lone surrogate, which is no text, cannot be in a name.
        static string Valid(string? text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text ?? ""));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("\r")]
    [InlineData(" \t\r")]
    public void A_blank_line_has_no_record(string line)
    {
        Assert.Null(Read(line, out var intact));
        Assert.True(intact);
    }

    [Theory]
    [InlineData(" ", "")]
    [InlineData("", "\r")]
    public void White_space_around_a_record_does_not_matter(string before, string after) =>
        Assert.Equivalent(_record, ReadIntact(before + Text(_record).Trim() + after));

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("1")]
    [InlineData("\"x\"")]
    [InlineData("<xml/>")]
    [InlineData("\0\0\0\0")]
    [InlineData("{\"v\":1}")]
    [InlineData("{\"v\":")]
    public void A_line_without_a_record_is_skipped(string line)
    {
        Assert.Null(Read(line, out var intact));
        Assert.False(intact);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_skipped()
    {
        byte[] line = [.. Encoding.UTF8.GetBytes(Text(_record).TrimEnd())];
        line[^40] = 0xFF;

        Assert.Null(RecordLine.Read(line, out var intact));
        Assert.False(intact);
    }

    [Fact]
    public void A_torn_line_is_skipped()
    {
        var line = Text(_record).TrimEnd();
        foreach (var length in Enumerable.Range(1, line.Length - 1))
        {
            Assert.Null(Read(line[..length], out var intact));
            Assert.False(intact);
        }
    }

    [Fact]
    public void A_record_after_a_torn_line_is_read()
    {
        var cut = Text(_record).TrimEnd();
        var next = _record with { Tick = _noon.AddMinutes(1) };
        foreach (var length in Enumerable.Range(1, cut.Length - 1))
        {
            Assert.Equivalent(next, Read(cut[..length] + Text(next).TrimEnd(), out var intact), strict: true);
            Assert.False(intact);
        }
    }

    [Fact]
    public void A_record_after_several_torn_lines_is_read()
    {
        var cut = Text(_record)[..100];
        var next = _record with { Tick = _noon.AddMinutes(1) };

        Assert.Equivalent(next, Read(cut + cut + cut + Text(next).TrimEnd(), out var intact), strict: true);
        Assert.False(intact);
    }

    [Fact]
    public void A_reason_of_a_later_version_reads_as_unknown()
    {
        var record = ReadIntact(Text(_record).Replace("\"timeout\"", "\"solar flare\"", StringComparison.Ordinal));

        Assert.Equal(Reason.Unknown, record.Checks[1].Reason);
    }

    [Fact]
    public void A_member_of_a_later_version_is_ignored() =>
        Assert.Equivalent(_record,
            ReadIntact(Text(_record).Replace("\"late\":", "\"region\":\"west\",\"late\":", StringComparison.Ordinal)), strict: true);

    [Theory]
    [InlineData("\"database models\"", "\"database moods\"")]
    [InlineData("\"database models\"", "4")]
    [InlineData("\"database models\"", "null")]
    [InlineData("\"timeout\"", "5")]
    [InlineData("2026-11-22T12:00:00Z", "yesterday")]
    [InlineData("2026-11-22T12:00:00Z", "")]
    [InlineData("\"2026-11-22T12:00:00Z\"", "5")]
    [InlineData("5003.4", "\"5003.4\"")]
    [InlineData("5003.4", "null")]
    [InlineData("5003.4", "NaN")]
    [InlineData("\"late\":false", "\"late\":0")]
    [InlineData("\"late\":false", "\"late\":null")]
    [InlineData("\"timer\"", "null")]
    [InlineData("\"web-1-a3f09c\"", "7")]
    [InlineData("\"web-1-a3f09c\"", "null")]
    [InlineData("\"target\":\"default\"", "\"target\":null")]
    [InlineData("\"checks\":[", "\"checks\":[null,")]
    [InlineData("\"checks\":[", "\"checks\":[[],")]
    [InlineData("\"checks\":[", "\"checks\":7,\"x\":[")]
    [InlineData("\"checks\":[", "\"checks\":null,\"x\":[")]
    [InlineData("\"v\":1", "\"v\":\"one\"")]
    public void A_member_of_another_type_makes_the_record_invalid(string member, string other)
    {
        Assert.Null(Read(Text(_record).Replace(member, other, StringComparison.Ordinal), out var intact));
        Assert.False(intact);
    }

    [Fact]
    public void A_record_needs_all_its_members_but_the_version_and_a_reason()
    {
        var record = JsonNode.Parse(Text(_record))!.AsObject();
        foreach (var parent in new[] { record, record["checks"]![1]!.AsObject() })
        {
            foreach (var member in parent.ToList())
            {
                parent.Remove(member.Key);
                Assert.Equal(member.Key is "v" or "reason", Read(record.ToJsonString(), out var intact) is not null);
                Assert.Equal(member.Key is "v" or "reason", intact);
                parent.Add(member.Key, member.Value);
            }
        }

        Assert.NotNull(Read(record.ToJsonString(), out _));
    }

    private static string Text(RunRecord record) => Encoding.UTF8.GetString(RecordLine.Write(record));

    private static RunRecord? Read(string line, out bool intact) => RecordLine.Read(Encoding.UTF8.GetBytes(line), out intact);

    private static RunRecord ReadIntact(string line)
    {
        var record = Read(line, out var intact);
        Assert.True(intact);
        return Assert.IsType<RunRecord>(record);
    }
}
