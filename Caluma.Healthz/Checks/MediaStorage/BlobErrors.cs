namespace Caluma.Healthz.Checks.MediaStorage;

/// <summary>
/// The error codes of Azure Blob Storage, each with its reason. docs/reasons.md has the same table; a test compares the two and sends each
/// code over a connection. An error with no code, or with one that is not here, is classified by its HTTP status.
/// </summary>
/// <remarks>
/// https://learn.microsoft.com/rest/api/storageservices/common-rest-api-error-codes and
/// https://learn.microsoft.com/rest/api/storageservices/blob-service-error-codes
/// </remarks>
internal static class BlobErrors
{
    public static IReadOnlyList<(string Code, Reason Reason)> Table { get; } =
    [
        ("AuthenticationFailed", Reason.Auth),
        ("InvalidAuthenticationInfo", Reason.Auth),
        ("NoAuthenticationInformation", Reason.Auth),
        ("KeyBasedAuthenticationNotPermitted", Reason.Auth),

        ("AuthorizationFailure", Reason.Permission),
        ("AuthorizationPermissionMismatch", Reason.Permission),
        ("AuthorizationResourceTypeMismatch", Reason.Permission),
        ("AuthorizationServiceMismatch", Reason.Permission),
        ("AuthorizationSourceIPMismatch", Reason.Permission),
        ("InsufficientAccountPermissions", Reason.Permission),
        ("AccountIsDisabled", Reason.Permission),
        ("PublicAccessNotPermitted", Reason.Permission),
        ("UnauthorizedBlobOverwrite", Reason.Permission),
        ("KeyVaultEncryptionKeyNotFound", Reason.Permission),
        ("KeyVaultAccessTokenCannotBeAcquired", Reason.Permission),
        ("KeyVaultVaultNotFound", Reason.Permission),

        ("BlobImmutableDueToPolicy", Reason.ReadOnly),
        ("BlobImmutableDueToLegalHold", Reason.ReadOnly),

        ("ContainerNotFound", Reason.Missing),
        ("ContainerBeingDeleted", Reason.Missing),
        ("ContainerDisabled", Reason.Missing),
        ("ResourceNotFound", Reason.Missing),
        ("BlobNotFound", Reason.Missing),

        ("RequestBodyTooLarge", Reason.Full),
        ("BlockCountExceedsLimit", Reason.Full),

        ("ServerBusy", Reason.Busy),
        ("InternalError", Reason.Busy),
        ("AccountBeingCreated", Reason.Busy),
        ("SystemInUse", Reason.Busy),
        ("LeaseIdMissing", Reason.Busy),
        ("PendingCopyOperation", Reason.Busy),
        ("BlobBeingRehydrated", Reason.Busy),

        ("OperationTimedOut", Reason.Timeout),

        ("AccountRequiresHttps", Reason.Tls),
        ("AuthorizationProtocolMismatch", Reason.Tls),

        ("Md5Mismatch", Reason.Mismatch),
        ("Crc64Mismatch", Reason.Mismatch),

        ("BlobAlreadyExists", Reason.Protocol),
        ("ConditionNotMet", Reason.Protocol),
        ("BlobArchived", Reason.Protocol),
        ("InvalidBlobType", Reason.Protocol),
        ("FeatureVersionMismatch", Reason.Protocol),
        ("InvalidHeaderValue", Reason.Protocol),
        ("InvalidQueryParameterValue", Reason.Protocol),
        ("InvalidResourceName", Reason.Protocol),
        ("InvalidUri", Reason.Protocol),
        ("MissingRequiredHeader", Reason.Protocol),
        ("UnsupportedHeader", Reason.Protocol),
        ("UnsupportedHttpVerb", Reason.Protocol),
    ];

    private static readonly Dictionary<string, Reason> _reasons = Table.ToDictionary(row => row.Code, row => row.Reason);

    /// <param name="code">The code; null where there is none.</param>
    /// <param name="status">The HTTP status.</param>
    public static Reason ReasonFor(string? code, int status) =>
        code is not null && _reasons.TryGetValue(code, out var reason) ? reason : NetworkFailure.ReasonForStatus(status);
}
