using System.Xml;
using Azure;
using Azure.Identity;
using Azure.Storage.Blobs.Models;

namespace Caluma.Healthz.Checks.MediaStorage;

/// <summary>
/// What an exception of the Azure storage client stands for. Codes: https://learn.microsoft.com/rest/api/storageservices/blob-service-error-codes
/// </summary>
internal static class BlobFailure
{
    /// <summary>Whether an exception is about the storage, and no mistake of ours.</summary>
    public static bool IsOne(Exception exception) => exception is TaskCanceledException || ReasonFor(exception) != Reason.Unknown;

    public static Reason ReasonFor(Exception exception) => exception switch
    {
        RequestFailedException { Status: not 0 } refusal => ReasonFor(refusal),
        RequestFailedException { InnerException: { } inner } => ReasonFor(inner),
        AggregateException { InnerException: { } first } => ReasonFor(first), // After retries: one for each.
        AuthenticationFailedException => Reason.Auth,
        XmlException or FormatException => Reason.Protocol,
        _ => NetworkFailure.ReasonFor(exception),
    };

    private static Reason ReasonFor(RequestFailedException refusal) => refusal.ErrorCode switch
    {
        { } code when code == BlobErrorCode.AuthenticationFailed || code == BlobErrorCode.InvalidAuthenticationInfo => Reason.Auth,
        { } code when code == BlobErrorCode.ContainerBeingDeleted || code == BlobErrorCode.ContainerDisabled => Reason.Missing,
        { } code when code == BlobErrorCode.OperationTimedOut => Reason.Timeout,
        _ => NetworkFailure.ReasonForStatus(refusal.Status),
    };
}
