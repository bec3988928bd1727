using System.Xml;
using Azure;
using Azure.Identity;

namespace Caluma.Healthz.Checks.MediaStorage;

/// <summary>
/// What an exception of the Azure storage client stands for. What the storage itself says is in <see cref="BlobErrors"/>.
/// </summary>
internal static class BlobFailure
{
    /// <summary>Whether an exception is about the storage, and no mistake of ours.</summary>
    public static bool IsOne(Exception exception) => exception is TaskCanceledException || ReasonFor(exception) != Reason.Unknown;

    public static Reason ReasonFor(Exception exception) => exception switch
    {
        RequestFailedException { Status: not 0 } refusal => BlobErrors.ReasonFor(refusal.ErrorCode, refusal.Status),
        RequestFailedException { InnerException: { } inner } => ReasonFor(inner),
        AggregateException { InnerException: { } first } => ReasonFor(first), // After retries: one for each.
        AuthenticationFailedException => Reason.Auth,
        XmlException or FormatException => Reason.Protocol,
        _ => NetworkFailure.ReasonFor(exception),
    };
}
