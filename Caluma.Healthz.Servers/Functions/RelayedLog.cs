using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Servers.Functions;

/// <summary>A line of the host's log.</summary>
/// <param name="Category"><c>Function.NAME.User</c> where a function has logged it, whatever its own category is.</param>
/// <param name="Level">How bad it is.</param>
/// <param name="EventName">The name of the event, or its number where it has none.</param>
/// <param name="Message">What it says. Of the values of an event the host is sent no more than this.</param>
internal sealed record RelayedLog(string Category, LogLevel Level, string EventName, string Message);
