using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Servers.Functions;

/// <summary>A line of the host's log.</summary>
/// <param name="Category">The category; <c>Function.NAME.User</c> for lines of a function.</param>
/// <param name="Level">The level.</param>
/// <param name="EventName">The name of the event, or its number if it has no name.</param>
/// <param name="Message">The message. The host does not get the values of an event.</param>
internal sealed record RelayedLog(string Category, LogLevel Level, string EventName, string Message);
