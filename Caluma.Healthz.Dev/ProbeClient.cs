using Caluma.Healthz.Dev.Processes;

namespace Caluma.Healthz.Dev;

/// <summary>Calls the probe that <c>./dev</c> has started.</summary>
internal sealed class ProbeClient : IDisposable
{
    private static readonly TimeSpan _pollInterval = TimeSpan.FromMilliseconds(25);

    private readonly HttpClient _http;

    public ProbeClient(int port, string key)
    {
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(30) };
        _http.DefaultRequestHeaders.Add("x-functions-key", key);
    }

    /// <summary>Sends a GET request.</summary>
    /// <returns>The status and the body.</returns>
    public async Task<(int Status, string Body)> GetAsync(string path, CancellationToken cancellationToken)
    {
        using var response = await _http.GetAsync(path, cancellationToken);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken));
    }

    /// <summary>Waits until a probe answers.</summary>
    /// <param name="probe">Its process.</param>
    /// <param name="name">Its name.</param>
    /// <param name="log">Its log.</param>
    /// <param name="patience">The time limit.</param>
    /// <param name="cancellationToken">Ctrl-C.</param>
    /// <exception cref="DevException">The probe ended, or takes too long.</exception>
    public async Task UntilReadyAsync(Child probe, string name, string log, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(patience);
        try
        {
            while (!await AnswersPingAsync(deadline.Token))
            {
                if (probe.Ended.IsCompleted)
                {
                    throw new DevException($"{name} ended by itself.") { Log = log };
                }

                await Task.Delay(_pollInterval, deadline.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DevException($"{name} did not answer within {patience.TotalSeconds} s.") { Log = log };
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<bool> AnswersPingAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await GetAsync("/healthz/ping", cancellationToken) is (200, "pong");
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
