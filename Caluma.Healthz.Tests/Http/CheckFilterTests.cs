using System.Text.Json;

namespace Caluma.Healthz.Tests.Http;

/// <summary><c>?check=</c> and <c>?skip=</c> of the report.</summary>
public sealed class CheckFilterTests
{
    private const int MaxLength = 2048;

    [Theory]
    [InlineData("?check=caches", "caches")]
    [InlineData("?check=caches&check=databases", "caches databases")]
    [InlineData("?check=caches&check=databases&skip=caches", "databases")]
    [InlineData("?skip=caches&skip=databases&skip=media_storage_service", "database migrations database models")]
    public async Task A_query_chooses_the_checks(string query, string keys) => Assert.Equal((200, keys), await AskAsync(query));

    [Fact]
    public async Task A_query_has_at_most_2048_characters()
    {
        var query = "?check=caches&code=".PadRight(MaxLength, 'k');

        Assert.Equal((200, "caches"), await AskAsync(query));
        Assert.Equal((400, "The query must have at most 2048 characters"), await AskAsync($"{query}k"));
    }

    [Fact]
    public async Task A_query_has_at_most_32_values()
    {
        var query = "?skip=databases" + string.Concat(Enumerable.Repeat("&check=caches", 16)) + string.Concat(Enumerable.Repeat("&a", 15));

        Assert.Equal((200, "caches"), await AskAsync(query));
        Assert.Equal((400, "The query must have at most 32 values"), await AskAsync($"{query}&a"));
    }

    /// <returns>The status, and the keys of the report or the message of the error.</returns>
    private static async Task<(int Status, string Said)> AskAsync(string query)
    {
        await using var probe = new AnsweringProbe();
        var answer = await probe.AnswerAsync("/healthz", query);
        using var body = JsonDocument.Parse(answer.Body);
        var said = body.RootElement.TryGetProperty("message", out var message)
            ? message.GetString()!
            : string.Join(' ', body.RootElement.EnumerateObject().Select(member => member.Name));
        return (answer.StatusCode, said);
    }
}
