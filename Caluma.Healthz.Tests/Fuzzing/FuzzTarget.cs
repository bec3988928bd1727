using System.Globalization;

namespace Caluma.Healthz.Tests.Fuzzing;

/// <summary>A part of the probe that takes what others have written.</summary>
/// <param name="Name">Its name, which is also that of the folder with its inputs.</param>
/// <param name="Take">Hands it an input. Bad input makes no exception: a target catches those that are documented for it.</param>
internal sealed record FuzzTarget(string Name, Action<byte[]> Take)
{
    /// <summary>The maximum of bytes that an input may make it allocate.</summary>
    private const long MaxBytes = 64 * 1024 * 1024;

    /// <summary>How many times an input that took too long is taken again: the runtime may have been compiling.</summary>
    private const int Retries = 5;

    /// <summary>How much processor time an input may take, which does not depend on how busy the machine is.</summary>
    private static readonly TimeSpan _maxTime = TimeSpan.FromMilliseconds(100);

    /// <summary>Takes an input, and fails if it needs too much memory.</summary>
    public void Hold(byte[] input)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Take(input);
        var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        if (bytes > MaxBytes)
        {
            throw new FuzzFaultException(string.Create(CultureInfo.InvariantCulture, $"{Name} allocates {bytes} bytes."));
        }
    }

    /// <summary>Takes an input, and fails if it needs too much memory, or each time too long.</summary>
    public void HoldInTime(byte[] input)
    {
        for (var retry = 0; retry <= Retries; retry++)
        {
            var before = Environment.CpuUsage.TotalTime;
            Hold(input);
            var took = Environment.CpuUsage.TotalTime - before;
            if (took <= _maxTime)
            {
                return;
            }

            if (retry == Retries)
            {
                throw new FuzzFaultException(string.Create(CultureInfo.InvariantCulture, $"{Name} takes {took.TotalMilliseconds:f0} ms."));
            }
        }
    }
}
