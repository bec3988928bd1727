using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Caluma.Healthz.Servers;

namespace Caluma.Healthz.Benchmarks.Measuring;

/// <summary>Where and of what was measured: without it, a figure says nothing.</summary>
/// <param name="Time">When it began.</param>
/// <param name="Machine">Its processors, its memory and how busy it was before.</param>
/// <param name="System">The operating system.</param>
/// <param name="Runtime">The .NET that the benchmarks run on.</param>
/// <param name="Commit">What was checked out, with a <c>+</c> where files differ from it.</param>
internal sealed record Head(DateTimeOffset Time, string Machine, string System, string Runtime, string Commit)
{
    public static async Task<Head> ReadAsync(TimeProvider time) => new(
        time.GetUtcNow(),
        $"{Cores()}, {Memory()}, load {Load()}",
        RuntimeInformation.OSDescription,
        RuntimeInformation.FrameworkDescription,
        await CommitAsync());

    private static string Cores()
    {
        const string field = "model name";
        var model = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith(field, StringComparison.Ordinal))?.Split(':')[1];
        return $"{Environment.ProcessorCount} cores{(model is null ? "" : $" of {model.Trim()}")}";
    }

    private static string Memory() =>
        string.Create(CultureInfo.InvariantCulture, $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / Math.Pow(1024, 3):0.#} GB");

    private static string Load() => File.ReadAllText("/proc/loadavg").Split(' ')[0];

    private static async Task<string> CommitAsync()
    {
        try
        {
            var commit = await GitAsync("rev-parse", "--short=12", "HEAD");
            return commit.Length == 0 ? "unknown" : commit + ((await GitAsync("status", "--porcelain")).Length > 0 ? "+" : "");
        }
        catch (global::System.ComponentModel.Win32Exception)
        {
            return "unknown";
        }
    }

    private static async Task<string> GitAsync(params string[] arguments)
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["-C", Repository.Root, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var error = git.StandardError.ReadToEndAsync();
        var output = await git.StandardOutput.ReadToEndAsync();
        await error;
        await git.WaitForExitAsync();
        return output.Trim();
    }
}
