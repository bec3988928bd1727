using Azure.Core;
using Azure.Core.Pipeline;

namespace Caluma.Healthz.History;

/// <summary>Counts the requests to the storage, including retries, because each of them costs money.</summary>
internal sealed class CallCounter : HttpPipelineSynchronousPolicy
{
    private long _calls;

    public long Calls => Interlocked.Read(ref _calls);

    public override void OnSendingRequest(HttpMessage message) => Interlocked.Increment(ref _calls);
}
