using System.Text.Json.Nodes;

namespace Caluma.Healthz.Tests.Infra;

/// <summary>The parser is strict, and the interpreter does what Kusto's documentation says.</summary>
[Slow]
public sealed class KqlEngineTests(KqlEngine kql)
{
    [Theory]
    [InlineData("AppTrace | count", "AppTrace")]
    [InlineData("AppTraces | where Mesage startswith 'x'", "Mesage")]
    [InlineData("AppTraces | summarize sum(Message)", "summable")]
    [InlineData("AppTraces | summarize by", "expression")]
    [InlineData("AppTraces | where Message startswith 'x", "missing")]
    [InlineData("AppTraces | extend Length = strlength(Message)", "strlength")]
    public async Task An_invalid_query_is_refused(string query, string because)
    {
        var diagnostic = Assert.Single((await kql.RunAsync(query)).Diagnostics, diagnostic => diagnostic.Severity is "Error");

        Assert.Contains(because, diagnostic.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("AppTraces | take 5")]
    [InlineData("AppTraces | extend Upper = toupper(Message)")]
    [InlineData("AppTraces | where Message has 'x'")]
    [InlineData("union AppTraces")]
    [InlineData("union isfuzzy=true withsource=Table AppTraces")]
    [InlineData("union isfuzzy=true (datatable(Message: string) ['x']), AppTraces")]
    public async Task An_unsupported_operator_is_reported(string query) =>
        Assert.NotNull((await kql.RunAsync(query, Rows("x"))).Unsupported);

    [Fact]
    public async Task A_missing_table_is_an_error_except_in_a_fuzzy_union()
    {
        Assert.Equal("Error", Assert.Single((await kql.RunAsync("AppTraces | count", tables: null, "AppTraces")).Diagnostics).Severity);
        Assert.Equal(
            "Error", Assert.Single((await kql.RunAsync("union AppTraces, AppExceptions", tables: null, "AppTraces")).Diagnostics).Severity);

        var fuzzy = await kql.RunAsync("union isfuzzy=true AppTraces, AppExceptions | project Message", Rows("x"), "AppTraces");
        Assert.Equal("Warning", Assert.Single(fuzzy.Diagnostics).Severity);
        Assert.Empty(fuzzy.Lines);
    }

    [Fact]
    public async Task Union()
    {
        var result = await kql.RunAsync(
            "union isfuzzy=true (datatable(Message: string, Extra: long) []), AppTraces | project Message, Extra", Rows("a", "b"));

        Assert.Empty(result.Diagnostics);
        Assert.Equal(["a, ", "b, "], result.Lines);
    }

    // Kusto makes two columns of one name with different types, and a query that uses the name fails.
    [Fact]
    public async Task Columns_of_a_union_with_different_types_are_renamed() =>
        Assert.Contains(
            (await kql.RunAsync("union isfuzzy=true (datatable(Message: long) []), AppTraces | project Message")).Diagnostics,
            diagnostic => diagnostic.Severity == "Error");

    [Theory]
    [InlineData("{\"Properties\":{\"name\":\"a\"}}", "true, a")]
    [InlineData("{\"OperationName\":\"b\",\"Properties\":{\"name\":2}}", "false, 2")]
    [InlineData("{\"OperationName\":\"\",\"Properties\":{\"other\":\"a\"}}", "true, ")]
    [InlineData("{}", "true, ")]
    public async Task A_property_that_is_missing_is_an_empty_text(string row, string found)
    {
        var tables = new JsonObject { ["AppTraces"] = new JsonArray(JsonNode.Parse(row)) };

        var result = await kql.RunAsync(
            "AppTraces | extend Empty = isempty(OperationName), Name = tostring(Properties.name) | project Empty, Name", tables);

        Assert.Null(result.Unsupported);
        Assert.Equal([found], result.Lines);
    }

    // Only == is case-sensitive.
    [Theory]
    [InlineData("Message == 'One two'", "One two")]
    [InlineData("Message =~ 'one TWO'", "One two", "one two")]
    [InlineData("Message startswith 'ONE'", "One two", "one two", "one")]
    [InlineData("Message startswith 'one' and Message == 'one'", "one")]
    [InlineData("Message == 'x' or Message == 'one'", "one")]
    public async Task Where(string condition, params string[] found) =>
        Assert.Equal(found, await RunAsync($"AppTraces | where {condition} | project Message", "One two", "one two", "one"));

    // Strict: a text or a type that does not match leaves all columns empty. The match begins at the start, and the last column takes the
    // rest.
    [Theory]
    [InlineData("'a=' A ' b=' B", "a=1 b=2 b=3", "1, 2 b=3")]
    [InlineData("'a=' A ' b=' B: long", "a=1 b=2", "1, 2")]
    [InlineData("'a=' A ' b=' B: long", "a=1 b=x", ", ")]
    [InlineData("'a=' A ' b=' B", "a=1", ", ")]
    [InlineData("'a=' A ' b=' B", "x a=1 b=2", ", ")]
    [InlineData("* 'a=' A ' b=' B", "x a=1 b=2", "1, 2")]
    [InlineData("'a=' * ' c=' A ' b=' B", "a=1 c=3 b=2", "3, 2")]
    [InlineData("A 'a=' * ' b=' B: bool", "x a= b=true", "x , true")]
    [InlineData("'a=' A ' b=' B: datetime", "a=1 b=2026-11-22T12:00:00.0000000+00:00", "1, 2026-11-22T12:00:00.000Z")]
    public async Task Parse(string pattern, string text, string found) =>
        Assert.Equal([found], await RunAsync($"AppTraces | parse Message with {pattern} | project A, B", text));

    [Fact]
    public async Task An_undefined_order_is_refused() =>
        Assert.NotNull((await kql.RunAsync("AppTraces | parse Message with 'a=' A", Rows("a=1\n2"))).Unsupported);

    // With "by" there is a group only for existing rows; without "by" there is always one.
    [Theory]
    [InlineData("count()", "0")]
    [InlineData("count(), max(SeverityLevel)", "0, ")]
    [InlineData("count() by Message")]
    public async Task Summarize_of_no_rows(string summary, params string[] found) =>
        Assert.Equal(found, await RunAsync($"AppTraces | summarize {summary}"));

    [Theory]
    [InlineData("count()", "3")]
    [InlineData("countif(Message == 'a')", "2")]
    [InlineData("dcount(Message)", "2")]
    [InlineData("dcount(bin(TimeGenerated, 1m))", "2")]
    [InlineData("min(SeverityLevel), max(SeverityLevel)", "0, 2")]
    [InlineData("percentile(SeverityLevel, 50)", "1")]
    [InlineData("100.0 * countif(Message == 'b') / count()", "33.333333333333336")]
    [InlineData("round(100.0 * countif(Message == 'b') / count(), 1)", "33.3")]
    [InlineData("arg_max(TimeGenerated, Message)", "2026-11-22T12:01:20.000Z, a")]
    [InlineData("count() by Message", "a, 2", "b, 1")]
    [InlineData("count() by bin(TimeGenerated, 1m)", "2026-11-22T12:00:00.000Z, 2", "2026-11-22T12:01:00.000Z, 1")]
    public async Task Summarize(string summary, params string[] found) =>
        Assert.Equal(found, await RunAsync($"AppTraces | summarize {summary}", "a", "b", "a"));

    [Theory]
    [InlineData("order by SeverityLevel", "b", "c", "a")]
    [InlineData("order by SeverityLevel asc", "a", "c", "b")]
    [InlineData("order by Message desc", "c", "b", "a")]
    public async Task Order(string order, params string[] found)
    {
        var rows = Rows("a", "c", "b");
        Assert.Equal(found, (await kql.RunAsync($"AppTraces | {order} | project Message", rows)).Lines);
    }

    [Fact]
    public async Task Columns_have_the_types_of_the_workspace()
    {
        var result = await kql.RunAsync("AppTraces | summarize Count = count(), arg_max(TimeGenerated, SeverityLevel) by Message");

        Assert.Equal(
            ["Message: string", "Count: long", "TimeGenerated: datetime", "SeverityLevel: int"],
            result.Columns!.Select(column => $"{column.Key}: {column.Value}"));
    }

    /// <summary>A row for each message, each 40 seconds and one level after the one before.</summary>
    private static JsonObject Rows(params string[] messages) => new()
    {
        ["AppTraces"] = new JsonArray([.. messages.Select((message, index) => new JsonObject
        {
            ["Message"] = message,
            ["SeverityLevel"] = index,
            ["TimeGenerated"] = new DateTime(2026, 11, 22, 12, 0, 0, DateTimeKind.Utc).AddSeconds(40 * index).ToString("O"),
        })]),
    };

    private async Task<IEnumerable<string>> RunAsync(string query, params string[] messages)
    {
        var result = await kql.RunAsync(query, Rows(messages));
        Assert.Empty(result.Diagnostics);
        Assert.Null(result.Unsupported);
        return [.. result.Lines];
    }
}
