namespace Caluma.Healthz;

/// <summary>
/// Reads an answer up to a length, and fails beyond it: a server that is hostile or broken could otherwise fill the memory of the probe
/// within the timeout.
/// </summary>
/// <param name="content">The answer.</param>
/// <param name="limit">Its maximum length in bytes.</param>
internal sealed class BoundedStream(Stream content, long limit) : CountedStream(content)
{
    private long _read;

    /// <exception cref="HttpRequestException">The answer is too long.</exception>
    protected override int Count(int read) => (_read += read) <= limit ? read
        : throw new HttpRequestException(HttpRequestError.InvalidResponse, $"The answer is longer than {limit} bytes.");
}
