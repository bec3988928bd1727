using System.Runtime.InteropServices;

namespace Caluma.Healthz.Dev.Processes;

/// <summary>Handles Ctrl-C and other signals: the first one ends the command, which stops its servers; further ones are ignored.</summary>
internal sealed class StopSignals : IDisposable
{
    private static readonly (PosixSignal Signal, int Number)[] _signals =
        [(PosixSignal.SIGHUP, 1), (PosixSignal.SIGINT, 2), (PosixSignal.SIGTERM, 15)];

    private readonly CancellationTokenSource _received = new();
    private readonly PosixSignalRegistration[] _registrations;
    private int _number;

    public StopSignals() => _registrations = [.. _signals.Select(signal => PosixSignalRegistration.Create(signal.Signal, context =>
    {
        context.Cancel = true;
        Interlocked.CompareExchange(ref _number, signal.Number, 0);
        _received.Cancel();
    }))];

    public CancellationToken Token => _received.Token;

    /// <summary>The exit code of a program that a signal ended.</summary>
    public int ExitCode => 128 + _number;

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _received.Dispose();
    }
}
