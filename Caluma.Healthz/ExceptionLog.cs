using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz;

/// <summary>
/// Logs the type and stack trace of an exception and of its inner exceptions. It never logs their messages or data, which may hold a
/// secret; a stack trace holds only names of methods and files, and line numbers.
/// </summary>
internal static partial class ExceptionLog
{
    /// <summary>
    /// Logs a known failure at Debug. A failure that no classifier knows is probably a bug of the probe, and is logged at Error.
    /// </summary>
    /// <param name="logger">The log.</param>
    /// <param name="exception">The exception.</param>
    /// <param name="reason">The reason that a classifier gave the exception; <see cref="Reason.Unknown"/> where no classifier knows
    /// it.</param>
    /// <param name="during">The operation that failed, in a word or two.</param>
    public static void Write(ILogger logger, Exception exception, Reason reason, string during)
    {
        var level = reason == Reason.Unknown ? LogLevel.Error : LogLevel.Debug;
        if (logger.IsEnabled(level))
        {
            Thrown(logger, level, during, reason.Code(), exception.GetType().ToString(), Trace(exception));
        }
    }

    /// <summary>The types and stack traces of an exception and of its inner exceptions, innermost last.</summary>
    public static string Trace(Exception exception)
    {
        var trace = new StringBuilder();
        Append(trace, exception);
        return trace.ToString();
    }

    private static void Append(StringBuilder trace, Exception exception)
    {
        // Built from the frames: a client library may override Exception.StackTrace and put any text there.
        trace.Append(
            CultureInfo.InvariantCulture, $"{exception.GetType()}{Environment.NewLine}{new StackTrace(exception, fNeedFileInfo: true)}");
        var causes = exception is AggregateException several ? several.InnerExceptions
            : [.. new[] { exception.InnerException }.OfType<Exception>()];
        foreach (var cause in causes)
        {
            Append(trace, cause);
        }
    }

    [LoggerMessage(EventId = EventIds.Exception, EventName = "HealthzException",
        Message = "HealthzException during={During} reason={Reason} type={Type} trace={Trace}")]
    private static partial void Thrown(ILogger logger, LogLevel level, string during, string reason, string type, string trace);
}
