namespace Caluma.Healthz.Tests;

public sealed class BoundedStreamTests
{
    [Fact]
    public async Task An_answer_as_long_as_the_limit_is_read()
    {
        await using var stream = new BoundedStream(new MemoryStream(new byte[10]), 10);

        await stream.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task An_answer_of_a_byte_more_fails_however_it_is_read()
    {
        await using var stream = new BoundedStream(new MemoryStream(new byte[11]), 10);
        Assert.Equal(4, stream.Read(new byte[4], 0, 4));
        Assert.Equal(3, stream.Read(new byte[3].AsSpan()));
        Assert.Equal(3, await stream.ReadAsync(new byte[3].AsMemory(), TestContext.Current.CancellationToken));

        var failure = await Assert.ThrowsAsync<HttpRequestException>(
            () => stream.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken));

        Assert.Equal(HttpRequestError.InvalidResponse, failure.HttpRequestError);
        Assert.Equal("The answer is longer than 10 bytes.", failure.Message);
    }
}
