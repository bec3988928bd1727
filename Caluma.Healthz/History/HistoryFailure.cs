using Azure;
using Azure.Storage.Blobs.Models;
using Caluma.Healthz.Checks.MediaStorage;

namespace Caluma.Healthz.History;

/// <summary>Classifies exceptions of the history's storage.</summary>
internal static class HistoryFailure
{
    /// <summary>Whether an exception comes from the storage; false for a bug of the probe.</summary>
    public static bool Covers(Exception exception) => exception is HistoryFolderException || BlobFailure.Covers(exception);

    public static Reason ReasonFor(Exception exception) =>
        exception is HistoryFolderException folder ? folder.Reason : BlobFailure.ReasonFor(exception);

    /// <summary>
    /// Whether an exception is about a single log or document, so that the others can still be used: it is archived or being rehydrated,
    /// encrypted with its own key, of another type, leased, or under a legal hold. Other answers with 409 and 412 are about the container
    /// or the account: https://learn.microsoft.com/rest/api/storageservices/blob-service-error-codes.
    /// </summary>
    public static bool IsOfSingleItem(Exception exception) => exception is HistoryFolderException { IsOfSingleItem: true }
        || (exception is RequestFailedException { Status: 409 or 412 } refusal
        && refusal.ErrorCode is var code
        && code != BlobErrorCode.ContainerBeingDeleted && code != BlobErrorCode.ContainerDisabled
            && code != BlobErrorCode.AccountBeingCreated);

    /// <summary>Whether the storage has refused to let something be read, which may be a single log or document, or all of them.</summary>
    public static bool IsRefusal(Exception exception) => exception is RequestFailedException { Status: 403 };
}
