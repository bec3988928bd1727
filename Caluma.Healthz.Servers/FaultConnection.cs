using System.IO.Pipelines;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Caluma.Healthz.Servers;

/// <summary>One connection of a client to a <see cref="FaultServer"/>.</summary>
internal sealed class FaultConnection(FaultServer server, Socket client)
{
    private const int BufferSize = 16 * 1024;

    private readonly TaskCompletionSource _clientGone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private FaultMode? _answeredIn;
    private int _answered;

    /// <summary>Ends the connection with a reset instead of an orderly close.</summary>
    public void Reset() => Reset(client);

    /// <inheritdoc cref="Reset()"/>
    public static void Reset(Socket client)
    {
        try
        {
            client.LingerState = new LingerOption(true, 0);
            client.Dispose();
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It is closed already.
        }
    }

    /// <summary>Serves the client until either side closes, or the server does.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            // Small parts are not held back until the one before is acknowledged, which takes up to 40 ms.
            client.NoDelay = true;
            if (!server.Mode.Closes)
            {
                await using var stream = new NetworkStream(client);
                await ServeAsync(await AuthenticateAsync(stream, cancellationToken), cancellationToken);
            }

            if (server.Mode.Listens)
            {
                client.Shutdown(SocketShutdown.Both);
            }
        }
        catch (Exception exception) when (IsEndOfConnection(exception))
        {
            // The connection has ended, with or without an error.
        }
        finally
        {
            if (!server.Mode.Listens)
            {
                Reset();
            }

            client.Dispose();
        }
    }

    private static bool IsEndOfConnection(Exception exception) =>
        exception is IOException or SocketException or ObjectDisposedException or AuthenticationException or OperationCanceledException;

    private async Task<Stream> AuthenticateAsync(Stream stream, CancellationToken cancellationToken)
    {
        if (server.Certificate is not { } certificate)
        {
            return stream;
        }

        var secure = new SslStream(stream);
        await secure.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, cancellationToken);
        return secure;
    }

    private async Task ServeAsync(Stream clientStream, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var upstream = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        var connected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var requests = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        var receiving = ReceiveAsync(clientStream, requests.Writer, ended.Token);
        var forwarding = ForwardAsync(requests.Reader, clientStream, upstream, connected, ended.Token);
        var answering = AnswerAsync(upstream, connected.Task, clientStream, ended.Token);

        await Task.WhenAny(forwarding, answering);
        await ended.CancelAsync();
        foreach (var task in (Task[])[forwarding, answering, receiving])
        {
            try
            {
                await task;
            }
            catch (Exception exception) when (IsEndOfConnection(exception))
            {
                // The others end with the first.
            }
        }
    }

    /// <summary>Reads from the client in any mode, so that its end is noticed.</summary>
    private async Task ReceiveAsync(Stream clientStream, PipeWriter requests, CancellationToken cancellationToken)
    {
        try
        {
            while (await clientStream.ReadAsync(requests.GetMemory(BufferSize), cancellationToken) is var count and > 0)
            {
                requests.Advance(count);
                await requests.FlushAsync(cancellationToken);
                server.Asked(count);
            }
        }
        finally
        {
            _clientGone.TrySetResult();
            await requests.CompleteAsync();
        }
    }

    private async Task ForwardAsync(
        PipeReader requests,
        Stream clientStream,
        Socket upstream,
        TaskCompletionSource connected,
        CancellationToken cancellationToken)
    {
        while (await requests.ReadAsync(cancellationToken) is var request && !(request.IsCompleted && request.Buffer.IsEmpty))
        {
            var mode = await UntilServingAsync(cancellationToken);
            foreach (var part in request.Buffer)
            {
                if (mode.Answer is { } answer)
                {
                    await clientStream.WriteAsync(answer, cancellationToken);
                    continue;
                }

                if (!upstream.Connected)
                {
                    await upstream.ConnectAsync(server.Upstream!, cancellationToken);
                    connected.SetResult();
                }

                for (var sent = 0; sent < part.Length;)
                {
                    sent += await upstream.SendAsync(part[sent..], cancellationToken);
                }
            }

            requests.AdvanceTo(request.Buffer.End);
        }
    }

    private async Task AnswerAsync(Socket upstream, Task connected, Stream clientStream, CancellationToken cancellationToken)
    {
        await connected.WaitAsync(cancellationToken);
        var buffer = new byte[BufferSize];
        while (await upstream.ReceiveAsync(buffer, cancellationToken) is var count and > 0
            && await PassOnAsync(buffer.AsMemory(0, count), clientStream, cancellationToken))
        {
        }
    }

    /// <summary>Passes an answer on according to the mode, which may change meanwhile; false where the connection ends.</summary>
    private async Task<bool> PassOnAsync(ReadOnlyMemory<byte> answer, Stream clientStream, CancellationToken cancellationToken)
    {
        while (!answer.IsEmpty)
        {
            var mode = await UntilServingAsync(cancellationToken);
            if (mode != _answeredIn)
            {
                _answeredIn = mode;
                _answered = 0;
            }

            var length = mode.DripInterval is null ? answer.Length : 1;
            if (mode.CutAfter is { } limit)
            {
                length = Math.Min(length, limit - _answered);
            }

            await clientStream.WriteAsync(answer[..length], cancellationToken);
            answer = answer[length..];
            _answered += length;
            if (_answered == mode.CutAfter)
            {
                return false;
            }

            if (mode.DripInterval is { } interval)
            {
                await Task.WhenAny(Task.Delay(interval, mode.Time, cancellationToken), server.UntilChangedAsync(mode));
            }
        }

        return true;
    }

    /// <summary>Waits while the server hangs.</summary>
    private async Task<FaultMode> UntilServingAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var mode = server.Mode;
            if (mode.Closes || !mode.Listens)
            {
                throw new OperationCanceledException("The server closes.");
            }

            if (!mode.Hangs)
            {
                return mode;
            }

            await Task.WhenAny(server.UntilChangedAsync(mode), _clientGone.Task).WaitAsync(cancellationToken);
            if (_clientGone.Task.IsCompleted)
            {
                throw new OperationCanceledException("The client went while the server hung.");
            }
        }
    }
}
