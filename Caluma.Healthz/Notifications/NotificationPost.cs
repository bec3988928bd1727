using System.Net.Http.Headers;
using System.Text;
using Caluma.Healthz.Checks;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Notifications;

/// <summary>Posts JSON to a configured address. The address may hold a password or a token, so no log and no exception has it.</summary>
internal sealed class NotificationPost(TimeProvider time, ILogger logger, HttpMessageHandler? handler = null) : IDisposable
{
    /// <summary>A receiver that takes longer counts as down.</summary>
    private static readonly TimeSpan _maxAnswer = TimeSpan.FromSeconds(5);

    /// <summary>A redirect would send the post and its password to somebody else. The host name may move to another address.</summary>
    private readonly HttpMessageInvoker _http = new(
        handler ?? new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) });

    public void Dispose() => _http.Dispose();

    /// <returns>Null where the receiver accepted the post; else the reason.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public async Task<Reason?> SendAsync(
        Uri address, byte[] json, IEnumerable<KeyValuePair<string, string>> headers, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(_maxAnswer, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new UriBuilder(address) { UserName = "", Password = "" }.Uri);
            request.Content = new ByteArrayContent(json);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            request.Headers.UserAgent.Add(new ProductInfoHeaderValue("caluma-healthz", null));
            if (address.UserInfo is { Length: > 0 } user)
            {
                var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(user)));
                request.Headers.Authorization = new AuthenticationHeaderValue("Basic", credentials);
            }

            foreach (var (name, value) in headers)
            {
                request.Headers.Add(name, value);
            }

            using var response = await _http.SendAsync(request, stop.Token);
            return response.IsSuccessStatusCode ? null : NetworkFailure.ReasonForStatus((int)response.StatusCode);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            var reason = NetworkFailure.ReasonFor(exception);
            ExceptionLog.Write(logger, exception, reason, "notifying");
            return reason;
        }
    }
}
