namespace Caluma.Healthz.Benchmarks.Alerts;

/// <summary>The scatter of latencies, as factors with a median of 1.</summary>
internal static class Noise
{
    /// <summary>A normal number with mean 0 and deviation 1, by https://en.wikipedia.org/wiki/Box–Muller_transform.</summary>
    public static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    /// <summary>Log-normal noise, as in networks; with a sigma of 1 one run of forty takes over seven times as long.</summary>
    public static Func<Random, double> LogNormal(double sigma) => random => Math.Exp(sigma * Normal(random));

    /// <summary>A power-law tail; with an alpha of 1 one run of a hundred takes over a hundred times as long.</summary>
    public static Func<Random, double> Pareto(double alpha) => random => Math.Pow(2 * (1 - random.NextDouble()), -1 / alpha);

    /// <summary>One of several noises for each run.</summary>
    public static Func<Random, double> Mixed(params Func<Random, double>[] noises) => random => noises[random.Next(noises.Length)](random);

    /// <summary>Two modes: a share of the runs is slower by a factor.</summary>
    public static Func<Random, double> Bimodal(double share, double factor) =>
        random => Math.Exp(0.2 * Normal(random)) * (random.NextDouble() < share ? factor : 1);

    /// <summary>So many others before a run on average (https://en.wikipedia.org/wiki/Poisson_distribution), each as long.</summary>
    public static Func<Random, double> Queue(double others) => random =>
    {
        var (before, product) = (0, random.NextDouble());
        for (; product > Math.Exp(-others); product *= random.NextDouble())
        {
            before++;
        }

        return (1 + before) / (1 + others) * Math.Exp(0.3 * Normal(random));
    };
}
