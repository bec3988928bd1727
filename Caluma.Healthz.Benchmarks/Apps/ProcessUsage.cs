using System.Globalization;

namespace Caluma.Healthz.Benchmarks.Apps;

/// <summary>What a process takes, as /proc has it.</summary>
/// <param name="CpuSeconds">Of all its threads since it began, to 10 ms.</param>
/// <param name="ResidentMegabytes">Of memory, what it shares with others included.</param>
/// <param name="PrivateMegabytes">What it alone has.</param>
/// <param name="Sockets">How many it has open.</param>
internal sealed record ProcessUsage(double CpuSeconds, double ResidentMegabytes, double PrivateMegabytes, int Sockets)
{
    private const double TicksPerSecond = 100;

    /// <summary>Looks at a process.</summary>
    public static ProcessUsage Of(int processId)
    {
        var folder = $"/proc/{processId}";
        var rollup = File.ReadAllLines($"{folder}/smaps_rollup");
        return new ProcessUsage(
            CpuSecondsIn(File.ReadAllText($"{folder}/stat")),
            KilobytesIn(rollup, "Rss:") / 1024,
            (KilobytesIn(rollup, "Private_Dirty:") + KilobytesIn(rollup, "Private_Clean:")) / 1024,
            Directory.EnumerateFiles($"{folder}/fd").Count(IsSocket));
    }

    /// <summary>User and system time of a line of /proc/PID/stat: "id (name) state parent ...", and the name may hold anything.</summary>
    public static double CpuSecondsIn(string stat)
    {
        const int userTime = 11;
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return fields[userTime..(userTime + 2)].Sum(ticks => long.Parse(ticks, CultureInfo.InvariantCulture)) / TicksPerSecond;
    }

    /// <summary>A field of /proc/PID/smaps_rollup, such as <c>Rss:  68824 kB</c>.</summary>
    public static double KilobytesIn(IEnumerable<string> lines, string field) => double.Parse(
        lines.Single(line => line.StartsWith(field, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture);

    private static bool IsSocket(string descriptor)
    {
        try
        {
            return new FileInfo(descriptor).LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) == true;
        }
        catch (IOException)
        {
            // It has just been closed.
            return false;
        }
    }
}
