using Amazon.Runtime;

namespace Caluma.Healthz.Checks.MediaStorage;

/// <summary>Classifies exceptions of the S3 client. The store's own codes are in <see cref="S3Errors"/>.</summary>
internal static class S3Failure
{
    public static Reason ReasonFor(Exception exception) => exception switch
    {
        AmazonUnmarshallingException => Reason.Protocol,
        AmazonServiceException { StatusCode: not 0, ErrorCode: var code, StatusCode: var status } => S3Errors.ReasonFor(code, (int)status),
        AmazonServiceException { InnerException: { } inner } => ReasonFor(inner),
        ArgumentException and not (ArgumentNullException or ArgumentOutOfRangeException) => Reason.Protocol, // A redirect to another host.
        AmazonClientException { InnerException: { } inner } => ReasonFor(inner),
        _ => NetworkFailure.ReasonFor(exception),
    };
}
