using Caluma.Healthz.Checks.Caches;
using Microsoft.Extensions.Time.Testing;

namespace Caluma.Healthz.Tests.Checks.Caches;

public sealed class BoundedConnectionTests : IDisposable
{
    private const int BytesPerSecond = 64 * 1024;

    private readonly FakeTimeProvider _time = new();
    private readonly BoundedConnection _connection;

    public BoundedConnectionTests() => _connection = new BoundedConnection(new EndlessStream(), _time);

    [Fact]
    public void All_that_may_come_at_once_is_read_and_not_a_byte_more()
    {
        Read((int)BoundedConnection.MaxAtOnce);

        Assert.Equal("The server sends more than any reply has.", Assert.Throws<IOException>(() => Read(1)).Message);
    }

    [Fact]
    public void Each_second_allows_64_KB_more()
    {
        Read((int)BoundedConnection.MaxAtOnce);
        for (var second = 0; second < 5; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            Read(BytesPerSecond);
        }

        Assert.Throws<IOException>(() => Read(1));
    }

    [Fact]
    public void A_time_that_allows_less_than_a_byte_is_added_to_the_next()
    {
        Read((int)BoundedConnection.MaxAtOnce);

        // 10 microseconds allow 0.66 bytes, so every other wait adds one.
        for (var wait = 0; wait < 100; wait++)
        {
            _time.Advance(TimeSpan.FromMicroseconds(10));
            Read(0);
        }

        Read(50);
        Assert.Throws<IOException>(() => Read(1));
    }

    [Fact]
    public void A_connection_that_was_silent_for_months_may_send_no_more_at_once()
    {
        Read(1);
        _time.Advance(TimeSpan.FromDays(100));

        Read((int)BoundedConnection.MaxAtOnce);

        Assert.Throws<IOException>(() => Read(1));
    }

    public void Dispose() => _connection.Dispose();

    private void Read(int count) => Assert.Equal(count, _connection.Read(new byte[count], 0, count));

    /// <summary>Has as many bytes as are asked for.</summary>
    private sealed class EndlessStream : MemoryStream
    {
        public override int Read(byte[] buffer, int offset, int count) => count;
    }
}
