using Caluma.Healthz.Servers.Functions.Protocol;
using Grpc.Core;

namespace Caluma.Healthz.Servers.Functions;

/// <summary>The gRPC service for workers. The first message of a worker identifies it.</summary>
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
