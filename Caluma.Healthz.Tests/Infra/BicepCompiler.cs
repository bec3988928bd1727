using System.Diagnostics;
using System.Reflection;

namespace Caluma.Healthz.Tests.Infra;

/// <summary>Azure's own compiler, from its NuGet package. It needs neither Azure nor a network.</summary>
internal static class BicepCompiler
{
    private static readonly string _program = typeof(BicepCompiler).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == "BicepCompiler").Value!;

    /// <summary>The variables that main.bicepparam reads without a default.</summary>
    private static readonly Dictionary<string, string> _environment = new()
    {
        ["AZURE_ENV_NAME"] = "test",
        ["HEALTHZ_ALERT_EMAILS"] = "ops@example.com,more@example.com",
    };

    /// <summary>Runs it to its end.</summary>
    /// <returns>Its diagnostics, a line each.</returns>
    public static async Task<IReadOnlyList<string>> RunAsync(string folder, params IEnumerable<string> arguments)
    {
        using var process = Start(folder, arguments);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        string[] said = [.. $"{errors}{await output}".Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
        return process.ExitCode == 0 || said.Length > 0 ? said : [$"exit code {process.ExitCode}"];
    }

    /// <summary>Starts it.</summary>
    /// <param name="folder">The working folder.</param>
    /// <param name="arguments">Its arguments.</param>
    public static Process Start(string folder, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(_program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in _environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }
}
