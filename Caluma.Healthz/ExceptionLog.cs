using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz;

/// <summary>
/// Says where an exception came from: its type and stack trace and those of what caused it, for whoever looks for a fault. Never its
/// message or data, which may hold a secret; a stack trace holds names of methods, files and lines and nothing else.
/// </summary>
internal static partial class ExceptionLog
{
    /// <summary>
    /// Writes a failure that is known at Debug, and at Error one that no classifier knows: most likely a fault of our own.
    /// </summary>
    /// <param name="logger">Where to.</param>
    /// <param name="exception">What was thrown.</param>
    /// <param name="reason">What a classifier makes of it; <see cref="Reason.Unknown"/> where none knows it.</param>
    /// <param name="during">What was being done, in a word or two.</param>
    public static void Write(ILogger logger, Exception exception, Reason reason, string during)
    {
        var level = reason == Reason.Unknown ? LogLevel.Error : LogLevel.Debug;
        if (logger.IsEnabled(level))
        {
            Thrown(logger, level, during, reason.Code(), exception.GetType().ToString(), Trace(exception));
        }
    }

    /// <summary>The types and stack traces of an exception and of what caused it, innermost last.</summary>
    public static string Trace(Exception exception)
    {
        var trace = new StringBuilder();
        Append(trace, exception);
        return trace.ToString();
    }

    private static void Append(StringBuilder trace, Exception exception)
    {
        // Made anew from the frames: the property of the same name is a text that a client library may have put together.
        trace.Append(
            CultureInfo.InvariantCulture, $"{exception.GetType()}{Environment.NewLine}{new StackTrace(exception, fNeedFileInfo: true)}");
        var causes = exception is AggregateException several ? several.InnerExceptions
            : [.. new[] { exception.InnerException }.OfType<Exception>()];
        foreach (var cause in causes)
        {
            Append(trace, cause);
        }
    }

    [LoggerMessage(
        EventId = EventIds.Exception,
        EventName = "HealthzException",
        Message = "HealthzException during={During} reason={Reason} type={Type} trace={Trace}")]
    private static partial void Thrown(ILogger logger, LogLevel level, string during, string reason, string type, string trace);
}
