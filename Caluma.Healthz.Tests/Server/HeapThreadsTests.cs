using Caluma.Healthz.Tests.Forms;

namespace Caluma.Healthz.Tests.Server;

/// <summary>What the settings of the garbage collector come to in a running server.</summary>
[Slow]
[Built]
public class HeapThreadsTests
{
    [Fact]
    public async Task No_thread_collects_garbage_beside_those_that_work()
    {
        Dictionary<string, string?> settings = new()
        {
            ["ENABLE_HEALTHZ_ENDPOINT"] = "true",
            ["DATABASE_HOST"] = "db",
            ["Healthz:Checks"] = "databases",
            ["Logging:LogLevel:Default"] = "Information",
        };
        await using var process = await HealthzProcess.StartAsync(settings, ["serve", "--no-auth", "--urls", "http://127.0.0.1:0"]);
        await process.UntilListeningAsync();

        var threads = Directory.GetDirectories($"/proc/{process.Id}/task").Select(NameOf).ToList();

        Assert.Contains(".NET Finalizer", threads);
        Assert.DoesNotContain(threads, name => name.Contains("GC", StringComparison.Ordinal));
    }

    private static string NameOf(string thread)
    {
        try
        {
            return File.ReadAllText(Path.Combine(thread, "comm")).Trim();
        }
        catch (IOException)
        {
            // It has ended.
            return "";
        }
    }

    [Slow]
    [Native]
    public sealed class Native : HeapThreadsTests;
}
