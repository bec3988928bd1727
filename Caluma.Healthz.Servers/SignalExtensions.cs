using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Caluma.Healthz.Servers;

/// <summary>kill(2), of which the BCL offers only SIGKILL.</summary>
internal static class SignalExtensions
{
    private const int NoSuchProcess = 3;

    /// <summary>Sends the signal; a process that has ended is no error.</summary>
    public static void SendTo(this Signal signal, int processId)
    {
        if (Kill(processId, (int)signal) != 0 && Marshal.GetLastPInvokeError() is var error and not NoSuchProcess)
        {
            throw new Win32Exception(error, $"Cannot send {signal} to process {processId}: {Marshal.GetPInvokeErrorMessage(error)}");
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Kill(int processId, int signal);
}
