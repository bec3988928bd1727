using Caluma.Healthz.History;

namespace Caluma.Healthz.Tests.History;

/// <summary>Exported records. <c>HistoryRouteTests</c> have them as answers.</summary>
public sealed class RecordFormatTests
{
    [Fact]
    public async Task Records_are_written_after_the_heading_and_nothing_is_held_back()
    {
        using var stream = new MemoryStream();
        await using var writer = new StreamWriter(stream) { AutoFlush = false };

        await RecordFormat.Csv.WriteAsync(Records.Minutes(2).ToAsyncEnumerable(), writer, TestContext.Current.CancellationToken);

        string[] expected =
        [
            "tick,started,durationMs,late,maintenance,source,instance,check,target,ok,ms,reason",
            "2026-11-22T12:00:00Z,2026-11-22T12:00:00.007Z,3.2,false,false,test,one,databases,db0,true,3.2,",
            "2026-11-22T12:01:00Z,2026-11-22T12:01:00.007Z,3.2,false,false,test,one,databases,db0,true,3.2,",
        ];
        Assert.Equal(string.Concat(expected.Select(line => $"{line}\r\n")), System.Text.Encoding.UTF8.GetString(stream.ToArray()));
    }
}
