namespace Caluma.Healthz.Checks.MediaStorage;

/// <summary>
/// The error codes of S3 stores, each with its reason. docs/reasons.md has the same table; a test compares the two and sends each code over
/// a connection. An error with no code, or with one that is not here, is classified by its HTTP status.
/// </summary>
/// <remarks>
/// The codes are those of AWS (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html), MinIO
/// (https://github.com/minio/minio/blob/master/cmd/api-errors.go), Ceph (https://github.com/ceph/ceph/blob/main/src/rgw/rgw_common.cc)
/// and versitygw (https://github.com/versity/versitygw/blob/main/s3err/s3err.go).
/// </remarks>
internal static class S3Errors
{
    public static IReadOnlyList<(string Code, Reason Reason)> Table { get; } =
    [
        ("InvalidAccessKeyId", Reason.Auth),
        ("SignatureDoesNotMatch", Reason.Auth),
        ("RequestTimeTooSkewed", Reason.Auth),
        ("RequestExpired", Reason.Auth),
        ("ExpiredToken", Reason.Auth),
        ("InvalidToken", Reason.Auth),
        ("InvalidTokenId", Reason.Auth),
        ("TokenRefreshRequired", Reason.Auth),
        ("InvalidSecurity", Reason.Auth),
        ("CredentialsNotSupported", Reason.Auth),
        ("MissingSecurityHeader", Reason.Auth),
        ("NotSignedUp", Reason.Auth),
        ("UserSuspended", Reason.Auth),
        ("AuthorizationHeaderMalformed", Reason.Auth),
        ("AuthorizationQueryParametersError", Reason.Auth),
        ("InvalidRegion", Reason.Auth),
        ("IllegalLocationConstraintException", Reason.Auth),

        ("AccessDenied", Reason.Permission),
        ("AllAccessDisabled", Reason.Permission),
        ("AccountProblem", Reason.Permission),
        ("UnauthorizedAccess", Reason.Permission),
        ("KMS.DisabledException", Reason.Permission),
        ("KMS.NotFoundException", Reason.Permission),

        ("MethodNotAllowed", Reason.ReadOnly),
        ("ObjectLocked", Reason.ReadOnly),

        ("NoSuchBucket", Reason.Missing),
        ("NoSuchKey", Reason.Missing),
        ("NoSuchVersion", Reason.Missing),
        ("NoSuchTenant", Reason.Missing),
        ("PermanentRedirect", Reason.Missing),
        ("TemporaryRedirect", Reason.Missing),
        ("Redirect", Reason.Missing),

        ("XMinioStorageFull", Reason.Full),
        ("XMinioAdminBucketQuotaExceeded", Reason.Full),
        ("QuotaExceeded", Reason.Full),
        ("InsufficientStorage", Reason.Full),
        ("EntityTooLarge", Reason.Full),

        ("SlowDown", Reason.Busy),
        ("SlowDownRead", Reason.Busy),
        ("SlowDownWrite", Reason.Busy),
        ("ServiceUnavailable", Reason.Busy),
        ("InternalError", Reason.Busy),
        ("OperationAborted", Reason.Busy),
        ("TooManyRequests", Reason.Busy),
        ("Throttling", Reason.Busy),
        ("RequestLimitExceeded", Reason.Busy),
        ("BandwidthLimitExceeded", Reason.Busy),
        ("XMinioServerNotInitialized", Reason.Busy),
        ("XMinioIAMNotInitialized", Reason.Busy),
        ("XMinioBackendDown", Reason.Busy),

        ("RequestTimeout", Reason.Timeout),

        ("XMinioInsecureClientRequest", Reason.Tls),

        ("BadDigest", Reason.Mismatch),
        ("XAmzContentSHA256Mismatch", Reason.Mismatch),
        ("XMinioObjectTampered", Reason.Mismatch),
        ("IncompleteBody", Reason.Mismatch),

        ("NotImplemented", Reason.Protocol),
        ("InvalidRequest", Reason.Protocol),
        ("InvalidArgument", Reason.Protocol),
        ("InvalidDigest", Reason.Protocol),
        ("InvalidBucketName", Reason.Protocol),
        ("InvalidURI", Reason.Protocol),
        ("MalformedXML", Reason.Protocol),
        ("MissingContentLength", Reason.Protocol),
        ("PreconditionFailed", Reason.Protocol),
        ("XMinioInvalidObjectName", Reason.Protocol),
        ("XMinioInvalidResourceName", Reason.Protocol),
    ];

    private static readonly Dictionary<string, Reason> _reasons = Table.ToDictionary(row => row.Code, row => row.Reason);

    /// <param name="code">The code; null where there is none.</param>
    /// <param name="status">The HTTP status.</param>
    public static Reason ReasonFor(string? code, int status) =>
        code is not null && _reasons.TryGetValue(code, out var reason) ? reason : NetworkFailure.ReasonForStatus(status);
}
