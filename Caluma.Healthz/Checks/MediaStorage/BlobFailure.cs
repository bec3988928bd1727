using System.Net.Sockets;
using System.Security.Authentication;
using Azure;
using Azure.Identity;
using Azure.Storage.Blobs.Models;

namespace Caluma.Healthz.Checks.MediaStorage;

/// <summary>
/// What an exception of the Azure storage client stands for. Codes: https://learn.microsoft.com/rest/api/storageservices/blob-service-error-codes
/// </summary>
internal static class BlobFailure
{
    public static Reason ReasonFor(Exception exception) => exception switch
    {
        RequestFailedException { Status: not 0 } refusal => ReasonFor(refusal),
        RequestFailedException { InnerException: { } inner } => ReasonFor(inner),
        AuthenticationFailedException => Reason.Auth,
        HttpRequestException { InnerException: AuthenticationException } => Reason.Tls,
        HttpRequestException { InnerException: SocketException socket } => NetworkFailure.ReasonFor(socket),
        HttpRequestException request => ReasonFor(request.HttpRequestError),
        SocketException socket => NetworkFailure.ReasonFor(socket),
        TimeoutException or OperationCanceledException => Reason.Timeout,
        AggregateException { InnerException: { } first } => ReasonFor(first),
        IOException { InnerException: { } inner } => ReasonFor(inner),
        IOException => Reason.Connect,
        System.Xml.XmlException or FormatException => Reason.Protocol,
        _ => Reason.Unknown,
    };

    private static Reason ReasonFor(RequestFailedException refusal)
    {
        if (refusal.ErrorCode is { } code)
        {
            if (code == BlobErrorCode.AuthenticationFailed || code == BlobErrorCode.InvalidAuthenticationInfo)
            {
                return Reason.Auth;
            }

            if (code == BlobErrorCode.ContainerBeingDeleted || code == BlobErrorCode.ContainerDisabled)
            {
                return Reason.Missing;
            }

            if (code == BlobErrorCode.OperationTimedOut)
            {
                return Reason.Timeout;
            }
        }

        return refusal.Status switch
        {
            401 => Reason.Auth,
            403 => Reason.Permission,
            404 => Reason.Missing,
            413 or 507 => Reason.Full,
            429 or 500 or 502 or 503 => Reason.Busy,
            408 or 504 => Reason.Timeout,
            _ => Reason.Protocol,
        };
    }

    private static Reason ReasonFor(HttpRequestError error) => error switch
    {
        HttpRequestError.NameResolutionError => Reason.Dns,
        HttpRequestError.SecureConnectionError => Reason.Tls,
        HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError => Reason.Protocol,
        _ => Reason.Connect,
    };
}
