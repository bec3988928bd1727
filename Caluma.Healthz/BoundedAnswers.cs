using Azure.Core;
using Azure.Core.Pipeline;

namespace Caluma.Healthz;

/// <summary>
/// Bounds the answers that the client of Azure Blob Storage keeps in memory as a whole. The content of a blob is none of them: it is read
/// as a stream.
/// </summary>
internal sealed class BoundedAnswers : HttpPipelinePolicy
{
    /// <summary>A page of a listing is the longest answer: 5,000 blobs take 4 MB.</summary>
    public const long MaxLength = 8 * 1024 * 1024;

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        ProcessNext(message, pipeline);
        Bound(message);
    }

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        await ProcessNextAsync(message, pipeline);
        Bound(message);
    }

    private static void Bound(HttpMessage message)
    {
        if (message is { BufferResponse: true, HasResponse: true, Response.ContentStream: { } content })
        {
            message.Response.ContentStream = new BoundedStream(content, MaxLength);
        }
    }
}
