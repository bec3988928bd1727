using System.Collections.Concurrent;
using System.Threading.Channels;
using Caluma.Healthz.Servers.Functions.Protocol;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Servers.Functions;

/// <summary>The connection to one worker.</summary>
/// <param name="relay">Gets the log of the worker with the function; null for lines outside of invocations.</param>
internal sealed class WorkerChannel(Action<RpcLog, string?> relay)
{
    private readonly Channel<StreamingMessage> _outbound = Channel.CreateUnbounded<StreamingMessage>();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<StreamingMessage>> _asked = new();
    private readonly ConcurrentDictionary<string, Invocation> _running = new();
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Exception? _lost;

    /// <summary>Completes when the worker has connected.</summary>
    public Task Started => _started.Task;

    /// <summary>The capabilities of the worker.</summary>
    public IReadOnlyDictionary<string, string> Capabilities { get; private set; } = new Dictionary<string, string>();

    /// <summary>The functions that are running.</summary>
    public IReadOnlyList<string> Running => [.. _running.Values.Select(invocation => invocation.Function)];

    /// <summary>Exchanges messages with the worker until it disconnects.</summary>
    public async Task RunAsync(IAsyncStreamReader<StreamingMessage> fromWorker,
        IServerStreamWriter<StreamingMessage> toWorker, CancellationToken cancellationToken)
    {
        _started.TrySetResult();
        var writing = Task.Run(async () =>
        {
            await foreach (var message in _outbound.Reader.ReadAllAsync(cancellationToken))
            {
                await toWorker.WriteAsync(message, cancellationToken);
            }
        }, cancellationToken);
        try
        {
            await foreach (var message in fromWorker.ReadAllAsync(cancellationToken))
            {
                Take(message);
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The worker was killed, or this host ends.
        }

        _outbound.Writer.TryComplete();
        await writing.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    /// <summary>Introduces the host, and loads the functions.</summary>
    /// <returns>The functions.</returns>
    public async Task<IReadOnlyList<LoadedFunction>> LoadAsync(string folder)
    {
        var init = await AskAsync(new StreamingMessage
        {
            WorkerInitRequest = new WorkerInitRequest { HostVersion = "4.1037.0", WorkerDirectory = folder, FunctionAppDirectory = folder },
        });
        Require(init.WorkerInitResponse.Result);
        Capabilities = init.WorkerInitResponse.Capabilities;

        var metadata = await AskAsync(
            new StreamingMessage { FunctionsMetadataRequest = new FunctionsMetadataRequest { FunctionAppDirectory = folder } });
        Require(metadata.FunctionMetadataResponse.Result);
        var functions = metadata.FunctionMetadataResponse.FunctionMetadataResults.Select(function => new LoadedFunction(function)).ToList();
        foreach (var function in functions)
        {
            var loaded = await AskAsync(new StreamingMessage
            {
                FunctionLoadRequest = new FunctionLoadRequest { FunctionId = function.Metadata.FunctionId, Metadata = function.Metadata },
            });
            Require(loaded.FunctionLoadResponse.Result);
        }

        return functions;
    }

    /// <summary>Whether the worker answers.</summary>
    public Task AskForStatusAsync() => AskAsync(new StreamingMessage { WorkerStatusRequest = new WorkerStatusRequest() });

    /// <summary>Runs a function.</summary>
    /// <returns>The result of the function.</returns>
    /// <exception cref="WorkerException">The function failed or was cancelled.</exception>
    public async Task<TypedData?> InvokeAsync(LoadedFunction function, TypedData input, CancellationToken cancellationToken)
    {
        var invocation = new Invocation(function.Name);
        var id = Guid.NewGuid().ToString();
        _running[id] = invocation;
        var request = new InvocationRequest
        {
            InvocationId = id,
            FunctionId = function.Metadata.FunctionId,
            TraceContext = new RpcTraceContext(),
        };
        request.InputData.Add(new ParameterBinding { Name = function.Parameter, Data = input });
        Send(new StreamingMessage { InvocationRequest = request });
        if (_lost is not null)
        {
            invocation.Response.TrySetException(_lost);
        }

        // With this capability the worker is told of the cancellation, and still awaited: GrpcWorkerChannel.SendInvocationRequest.
        await using var cancellation = cancellationToken.Register(() =>
        {
            if (Capabilities.ContainsKey("HandlesInvocationCancelMessage"))
            {
                Send(new StreamingMessage { InvocationCancel = new InvocationCancel { InvocationId = id } });
            }
        });
        try
        {
            var response = await invocation.Response.Task;
            Require(response.Result);
            return response.ReturnValue;
        }
        finally
        {
            _running.TryRemove(id, out _);
        }
    }

    /// <summary>Asks the worker to end.</summary>
    /// <returns>False where the worker cannot end on request.</returns>
    public bool Terminate()
    {
        if (!Capabilities.ContainsKey("HandlesWorkerTerminateMessage"))
        {
            return false;
        }

        var terminate = new WorkerTerminate { GracePeriod = Duration.FromTimeSpan(TimeSpan.FromSeconds(5)) };
        Send(new StreamingMessage { WorkerTerminate = terminate });
        return true;
    }

    /// <summary>Fails all pending requests.</summary>
    public void Lose(WorkerException exception)
    {
        _lost = exception;
        _started.TrySetException(exception);
        foreach (var asked in _asked.Values)
        {
            asked.TrySetException(exception);
        }

        foreach (var invocation in _running.Values)
        {
            invocation.Response.TrySetException(exception);
        }
    }

    private static void Require(StatusResult result)
    {
        if (result.Status != StatusResult.Types.Status.Success)
        {
            throw new WorkerException($"{result.Status}: {result.Exception?.Type} {result.Exception?.Message}");
        }
    }

    private void Take(StreamingMessage message)
    {
        switch (message.ContentCase)
        {
            case StreamingMessage.ContentOneofCase.RpcLog:
                relay(message.RpcLog, _running.TryGetValue(message.RpcLog.InvocationId, out var logging) ? logging.Function : null);
                break;
            case StreamingMessage.ContentOneofCase.InvocationResponse:
                if (_running.TryRemove(message.InvocationResponse.InvocationId, out var ended))
                {
                    ended.Response.TrySetResult(message.InvocationResponse);
                }

                break;
            default:
                if (_asked.TryRemove(message.RequestId, out var asked))
                {
                    asked.TrySetResult(message);
                }

                break;
        }
    }

    private Task<StreamingMessage> AskAsync(StreamingMessage question)
    {
        question.RequestId = Guid.NewGuid().ToString();
        var answer = new TaskCompletionSource<StreamingMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        _asked[question.RequestId] = answer;
        Send(question);
        return _lost is null ? answer.Task.WaitAsync(Deadline.Default) : Task.FromException<StreamingMessage>(_lost);
    }

    private void Send(StreamingMessage message) => _outbound.Writer.TryWrite(message);

    private sealed record Invocation(string Function)
    {
        public TaskCompletionSource<InvocationResponse> Response { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
