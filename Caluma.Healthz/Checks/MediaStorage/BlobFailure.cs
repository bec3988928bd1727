using System.Xml;
using Azure;
using Azure.Identity;

namespace Caluma.Healthz.Checks.MediaStorage;

/// <summary>Classifies exceptions of the Azure storage client. The storage's own codes are in <see cref="BlobErrors"/>.</summary>
internal static class BlobFailure
{
    /// <summary>Whether an exception comes from the storage; false for a bug of the probe.</summary>
    public static bool Covers(Exception exception) => exception is TaskCanceledException || ReasonFor(exception) != Reason.Unknown;

    public static Reason ReasonFor(Exception exception) => exception switch
    {
        RequestFailedException { Status: not 0 } refusal => BlobErrors.ReasonFor(refusal.ErrorCode, refusal.Status),
        RequestFailedException { InnerException: { } inner } => ReasonFor(inner),
        AggregateException { InnerException: { } first } => ReasonFor(first), // After retries: one exception for each.
        AuthenticationFailedException => Reason.Auth,
        XmlException or FormatException => Reason.Protocol,
        _ => NetworkFailure.ReasonFor(exception),
    };
}
