using Azure;
using Azure.Storage.Blobs.Models;
using Caluma.Healthz.Checks.MediaStorage;

namespace Caluma.Healthz.History;

/// <summary>What an exception of the history's storage stands for.</summary>
internal static class HistoryFailure
{
    /// <summary>Whether an exception is about the storage, and no mistake of ours.</summary>
    public static bool IsOne(Exception exception) => exception is HistoryFolderException || BlobFailure.IsOne(exception);

    public static Reason ReasonFor(Exception exception) =>
        exception is HistoryFolderException folder ? folder.Reason : BlobFailure.ReasonFor(exception);

    /// <summary>
    /// Whether an exception is about one log or document alone, so that all others can still be used: one that is archived or being
    /// rehydrated, encrypted with a key of its own, of another type, leased, or held by a law. Of the answers 409 and 412 the other
    /// ones are about the container or the account: https://learn.microsoft.com/rest/api/storageservices/blob-service-error-codes.
    /// </summary>
    public static bool IsOfOneItem(Exception exception) => exception is HistoryFolderException { IsOfOneItem: true }
        || (exception is RequestFailedException { Status: 409 or 412 } refusal
        && refusal.ErrorCode is var code
        && code != BlobErrorCode.ContainerBeingDeleted && code != BlobErrorCode.ContainerDisabled
            && code != BlobErrorCode.AccountBeingCreated);

    /// <summary>Whether the storage has answered that this may not be read. It may be so of one log or document, or of all.</summary>
    public static bool IsRefusal(Exception exception) => exception is RequestFailedException { Status: 403 };
}
