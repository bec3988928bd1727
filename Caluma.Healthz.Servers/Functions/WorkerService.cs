using Caluma.Healthz.Servers.Functions.Protocol;
using Grpc.Core;

namespace Caluma.Healthz.Servers.Functions;

/// <summary>Where workers call. The first thing that each says is who it is.</summary>
internal sealed class WorkerService(Func<string, WorkerChannel> channelOf) : FunctionRpc.FunctionRpcBase
{
    public override async Task EventStream(
        IAsyncStreamReader<StreamingMessage> requestStream, IServerStreamWriter<StreamingMessage> responseStream, ServerCallContext context)
    {
        if (await requestStream.MoveNext(context.CancellationToken))
        {
            await channelOf(requestStream.Current.StartStream.WorkerId).RunAsync(requestStream, responseStream, context.CancellationToken);
        }
    }
}
