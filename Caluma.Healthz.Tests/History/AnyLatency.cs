using FsCheck;
using FsCheck.Fluent;

namespace Caluma.Healthz.Tests.History;

/// <summary>Generates durations from 0.01 ms to 1 h, evenly over orders of magnitude, and the limits of buckets.</summary>
public static class AnyLatency
{
    private const double Least = 0.01;
    private const double Most = 3_600_000;
    private const int Steps = 1_000_000;

    public static Arbitrary<double> Milliseconds() => Arb.From(Gen.Frequency(
        (9, Gen.Choose(0, Steps).Select(step => Least * Math.Pow(Most / Least, (double)step / Steps))),
        (1, Gen.Choose(-232, 762).Select(index => Math.Pow(1.02, index)))));
}
