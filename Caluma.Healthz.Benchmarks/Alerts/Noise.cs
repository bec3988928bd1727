namespace Caluma.Healthz.Benchmarks.Alerts;

/// <summary>How latencies scatter around the usual one: factors, of which the median is 1.</summary>
internal static class Noise
{
    /// <summary>A normal number with mean 0 and deviation 1, by https://en.wikipedia.org/wiki/Box–Muller_transform.</summary>
    public static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    /// <summary>Log-normal, as network latencies are; with a sigma of 1 one run of forty takes over seven times as long.</summary>
    public static Func<Random, double> LogNormal(double sigma) => random => Math.Exp(sigma * Normal(random));

    /// <summary>A tail by a power law: a run of a hundred takes over a hundred times as long where alpha is 1.</summary>
    public static Func<Random, double> Pareto(double alpha) => random => Math.Pow(2 * (1 - random.NextDouble()), -1 / alpha);

    /// <summary>Any of several for each run.</summary>
    public static Func<Random, double> Mixed(params Func<Random, double>[] noises) => random => noises[random.Next(noises.Length)](random);

    /// <summary>Two modes: a share of the runs takes so many times as long.</summary>
    public static Func<Random, double> Bimodal(double share, double factor) =>
        random => Math.Exp(0.2 * Normal(random)) * (random.NextDouble() < share ? factor : 1);
}
