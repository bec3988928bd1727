using System.Reflection;
using Caluma.Healthz.Tests.Deployments;
using Caluma.Healthz.Tests.Server.Commands;
using Microsoft.Extensions.Configuration;
using Xunit.v3;

namespace Caluma.Healthz.Tests.Forms;

/// <summary>
/// The form of the probe that the tests of a class ask; without it, they ask the probe in their own process. A class that inherits the
/// tests of another one, or calls them, asks another form with them.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public abstract class ProbeFormAttribute : Attribute
{
    /// <summary>The form for the running test; null for the probe in this process.</summary>
    internal static ProbeFormAttribute? Current =>
        (TestContext.Current.TestClass as IXunitTestClass)?.Class.GetCustomAttribute<ProbeFormAttribute>();

    /// <summary>Finds the program <c>caluma-healthz</c>.</summary>
    /// <returns>Its path.</returns>
    internal abstract Task<string> FindProgramAsync();

    /// <summary>Runs a command line to its end.</summary>
    internal abstract Task<CommandLine> RunAsync(IConfiguration settings, string[] args);

    /// <summary>Starts a probe that answers over HTTP, on a free port.</summary>
    /// <param name="settings">What it is started with.</param>
    /// <param name="key">One of its keys; empty where it asks for none.</param>
    internal abstract Task<RunningProbe> StartAsync(IConfiguration settings, string key);
}
