using Amazon.Runtime;

namespace Caluma.Healthz.Checks.MediaStorage;

/// <summary>
/// What an exception of the S3 client stands for. Codes: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
/// </summary>
internal static class S3Failure
{
    public static Reason ReasonFor(Exception exception) => exception switch
    {
        AmazonUnmarshallingException => Reason.Protocol,
        AmazonServiceException { StatusCode: not 0, ErrorCode: var code, StatusCode: var status } => ReasonFor(code, (int)status),
        AmazonServiceException { InnerException: { } inner } => ReasonFor(inner),
        ArgumentException => Reason.Protocol, // A redirect to another host.
        AmazonClientException { InnerException: { } inner } => ReasonFor(inner),
        _ => NetworkFailure.ReasonFor(exception),
    };

    private static Reason ReasonFor(string? code, int status) => code switch
    {
        "InvalidAccessKeyId" or "SignatureDoesNotMatch" or "RequestTimeTooSkewed" or "ExpiredToken" or "InvalidToken" => Reason.Auth,
        "AuthorizationHeaderMalformed" => Reason.Auth, // Signed for another region.
        "AccessDenied" or "AllAccessDisabled" or "AccountProblem" => Reason.Permission,
        "NoSuchBucket" => Reason.Missing,
        "XMinioStorageFull" or "QuotaExceeded" => Reason.Full,
        "XMinioServerNotInitialized" or "SlowDown" => Reason.Busy,
        "RequestTimeout" => Reason.Timeout,
        _ => NetworkFailure.ReasonForStatus(status),
    };
}
