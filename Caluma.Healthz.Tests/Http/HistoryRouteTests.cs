using System.Text;
using Caluma.Healthz.History;
using Caluma.Healthz.Http;
using Caluma.Healthz.Tests.Trends;

namespace Caluma.Healthz.Tests.Http;

public sealed class HistoryRouteTests
{
    private const string Log = "records/2026/11/20.jsonl";
    private const string Heading = "tick,started,durationMs,late,maintenance,source,instance,check,target,ok,ms,reason";

    private static readonly DateTimeOffset _start = new(2026, 11, 20, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task JSON_lines_are_the_lines_of_the_log()
    {
        await using var history = WrittenHistory.Create(
            _start.AddHours(3), $"Healthz__Maintenance__0={_start:s}Z/{_start.AddMinutes(30):s}Z");
        await history.AppendAsync(history.Run(_start, _start.AddHours(2), tick =>
            [Passed("default"), tick.Minute % 7 == 0 ? Failed("Zürich, \"Nord\"") : Passed("a\nb")]));

        var answer = await history.AnswerAsync("/healthz/history", $"?from={_start:yyyy-MM-dd}");

        Assert.Equal((200, "application/x-ndjson"), (answer.StatusCode, answer.ContentType));
        Assert.Equal(await history.ReadAsync(Log), Read(answer));
    }

    /// <remarks>https://www.rfc-editor.org/rfc/rfc4180</remarks>
    [Fact]
    public async Task CSV_has_a_row_for_each_check_and_target_and_quotes_what_needs_it()
    {
        await using var history = WrittenHistory.Create(
            _start.AddHours(1), $"Healthz__Maintenance__0={_start.AddMinutes(1):s}Z/{_start.AddMinutes(2):s}Z");
        string[] aliases = ["default", "a,b", "say \"no\"", "two\nlines", "two\r\nlines", "\"", "Zürich", " "];
        await history.AppendAsync(
            history.Run(_start, _start.AddMinutes(2), _ => [.. aliases.SkipLast(1).Select(Passed), Failed(aliases[^1])]));

        var answer = await history.AnswerAsync("/healthz/history", "?format=csv");
        var text = Read(answer);

        Assert.Equal("text/csv; charset=utf-8", answer.ContentType);
        Assert.StartsWith(
            Heading + "\r\n2026-11-20T00:00:00Z,2026-11-20T00:00:00.02Z,5000.5,false,false,test,instance,databases,default,true,1.25,\r\n",
            text, StringComparison.Ordinal);
        var rows = Rows(text);
        Assert.Equal(Heading.Split(','), rows[0]);
        Assert.All(rows, row => Assert.Equal(rows[0].Count, row.Count));
        Assert.Equal([.. aliases, .. aliases], rows.Skip(1).Select(row => row[8]));
        Assert.Equal(
            ["2026-11-20T00:01:00Z", "2026-11-20T00:01:00.02Z", "5000.5", "false",
                "true", "test", "instance", "databases", " ", "false", "5000", "timeout"],
            rows[^1]);
    }

    [Fact]
    public async Task Without_records_the_list_is_empty()
    {
        await using var history = WrittenHistory.Create(_start);

        Assert.Equal("", Read(await history.AnswerAsync("/healthz/history")));
        Assert.Equal(Heading + "\r\n", Read(await history.AnswerAsync("/healthz/history", "?format=csv")));
    }

    [Theory]
    [InlineData("?from=2026-11-20T00:10:00Z&to=2026-11-20T00:13:00Z", "00:10", "00:12", 3)]
    [InlineData("?from=2026-11-20T00:10:00.0000001Z&to=2026-11-20T00:13:00.0000001Z", "00:11", "00:13", 3)]
    [InlineData("?from=2026-11-20T02:00:00+02:00&to=2026-11-20T02:01:00+02:00", "00:00", "00:00", 1)]
    [InlineData("?from=2026-11-19&to=2026-11-20", null, null, 0)]
    [InlineData("?from=2026-11-20&to=2026-11-21", "00:00", "23:59", 1440)]
    [InlineData("", "12:30", "12:29", 1440)]
    public async Task The_period_includes_from_and_excludes_to(string query, string? first, string? last, int count)
    {
        await using var history = WrittenHistory.Create(_start.AddDays(1).AddHours(12.5));
        await history.AppendAsync(history.Run(_start, _start.AddDays(2), _ => [Passed("default")]));

        var answer = await history.AnswerAsync("/healthz/history", query);
        var ticks = Ticks(answer);

        Assert.DoesNotContain(answer.Headers, header => header.Key == "Healthz-Unreadable-Days");
        Assert.Equal(count, ticks.Count);
        Assert.Equal((first, last), (ticks.Count == 0 ? null : $"{ticks[0]:HH:mm}", ticks.Count == 0 ? null : $"{ticks[^1]:HH:mm}"));
    }

    [Fact]
    public async Task Records_come_in_order_and_without_duplicates()
    {
        await using var history = WrittenHistory.Create(_start.AddDays(3));
        var records = history.Run(_start, _start.AddDays(3), _ => [Passed("default")]).ToList();
        await history.AppendAsync(records[..1000]);
        await history.AppendAsync(records[990..1000]);
        await history.OverwriteAsync(
            "records/2026/11/20.1.jsonl", Encoding.UTF8.GetString([.. records[995..1440].SelectMany(RecordLine.Write)]));
        await history.AppendAsync(records[1440..]);

        var ticks = Ticks(await history.AnswerAsync("/healthz/history", "?from=2026-11-20&to=2026-11-23"));

        Assert.Equal(records.Select(record => record.Tick), ticks);
    }

    [Theory]
    [InlineData(
        "?from=nonsense", "from must be a UTC time such as 2026-11-22T12:00:00Z, a day such as 2026-11-22, or how long ago such as 2h")]
    [InlineData("?from=2026-11-20&to=2026-11-19", "from must be earlier than to")]
    [InlineData("?from=2026-10-01", "from and to must be at most 31 days apart")]
    [InlineData("?format=xml", "format must be jsonl or csv")]
    public async Task An_invalid_query_is_explained_and_the_storage_not_asked(string query, string message)
    {
        await using var history = WrittenHistory.Create(_start);

        var answer = await history.AnswerAsync("/healthz/history", query);

        Assert.Equal((400, "application/json"), (answer.StatusCode, answer.ContentType));
        Assert.Equal($$"""{"error":400,"message":"{{message}}"}""", Encoding.UTF8.GetString(answer.Body.Span));
        Assert.Equal(0, history.Storage.Calls);
    }

    [Theory]
    [InlineData("jsonl")]
    [InlineData("csv")]
    public async Task The_pages_are_the_whole_history_although_a_day_grows_meanwhile(string format)
    {
        // Some 2.4 MB a day; a page has 4 MB.
        const int Days = 3;
        await using var history = WrittenHistory.Create(_start.AddDays(Days));
        var records = history.Run(_start, _start.AddDays(Days), _ =>
            [.. Enumerable.Range(0, 25).Select(target => Passed($"database-{target}"))]).ToList();
        await history.AppendAsync(records[..^10]);
        var (query, pages) = ($"?from={_start:yyyy-MM-dd}&to={_start.AddDays(Days):yyyy-MM-dd}&format={format}", new List<string>());
        while (query is not null)
        {
            var answer = await history.AnswerAsync("/healthz/history", query);
            Assert.Equal(200, answer.StatusCode);
            pages.Add(Read(answer));

            // Duplicates are still skipped, and new records are found in their place.
            await history.AppendAsync(pages.Count == 1 ? records[^20..] : []);
            query = NextOf(answer);
        }

        Assert.InRange(pages.Count, 2, 5);
        Assert.All(pages.SkipLast(1), page => Assert.InRange(page.Length, HistoryPage.MaxBytes, HistoryPage.MaxBytes + 10_000));
        Assert.Equal(
            RecordFormat.Find(format)!.Heading + string.Concat(records.Select(RecordFormat.Find(format)!.Text)), string.Concat(pages));
    }

    [Fact]
    public async Task The_next_page_is_of_the_same_period()
    {
        await using var history = WrittenHistory.Create(_start.AddHours(20));
        await history.AppendAsync(
            history.Run(_start, _start.AddHours(20), _ => [.. Enumerable.Range(0, 60).Select(target => Passed($"database-{target}"))]));

        var next = NextOf(await history.AnswerAsync("/healthz/history"));

        Assert.Matches(@"^\?from=2026-11-19T20:00:00Z&to=2026-11-20T20:00:00Z&format=jsonl&cursor=2026-11-20\.0\.[0-9]+$", next);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("2026-11-20")]
    [InlineData("2026-11-20.0")]
    [InlineData("2026-11-20.0.-1")]
    [InlineData("2026-11-19.0.5")]
    [InlineData("2026-11-21.0.5")]
    [InlineData("2026-11-20.99999999999.5")]
    public async Task An_unknown_cursor_is_refused(string cursor)
    {
        await using var history = WrittenHistory.Create(_start.AddDays(1));

        var answer = await history.AnswerAsync("/healthz/history", $"?from=2026-11-20&to=2026-11-21&cursor={cursor}");

        Assert.Equal(400, answer.StatusCode);
        Assert.Equal(
            """{"error":400,"message":"cursor must be as in the Link header of an answer, together with its other parameters"}""",
            Read(answer));
    }

    private static CheckRecord Passed(string target) => new(Check.Databases, target, Ok: true, 1.25);

    private static CheckRecord Failed(string target) => new(Check.Databases, target, Ok: false, 5000, Reason.Timeout);

    private static string Read(HealthzResponse answer) => Encoding.UTF8.GetString(answer.Body.Span);

    /// <summary>The query of the next page; null after the last one.</summary>
    private static string? NextOf(HealthzResponse answer) =>
        answer.Headers.SingleOrDefault(header => header.Key == "Link").Value is { } link
            ? link.Replace("</healthz/history", "", StringComparison.Ordinal).Replace(">; rel=\"next\"", "", StringComparison.Ordinal)
            : null;

    private static IReadOnlyList<DateTimeOffset> Ticks(HealthzResponse answer) =>
    [
        .. Read(answer).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => RecordLine.Read(Encoding.UTF8.GetBytes(line), out _)!.Tick),
    ];

    /// <summary>The fields of each row, parsed by the RFC.</summary>
    private static List<List<string>> Rows(string csv)
    {
        var rows = new List<List<string>>();
        for (var at = 0; at < csv.Length;)
        {
            var row = new List<string>();
            for (var ended = false; !ended;)
            {
                var field = new StringBuilder();
                if (csv[at] == '"')
                {
                    for (at++; csv[at] != '"' || csv[at + 1] == '"'; at++)
                    {
                        at += csv[at] == '"' ? 1 : 0;
                        field.Append(csv[at]);
                    }

                    at++;
                }
                else
                {
                    for (; csv[at] is not (',' or '\r'); at++)
                    {
                        field.Append(csv[at]);
                    }
                }

                row.Add(field.ToString());
                ended = csv[at] == '\r';
                Assert.Equal(ended ? "\r\n" : ",", csv.Substring(at, ended ? 2 : 1));
                at += ended ? 2 : 1;
            }

            rows.Add(row);
        }

        return rows;
    }
}
