using System.Globalization;

namespace Caluma.Healthz.Benchmarks.Measuring;

/// <summary>What a median is to come to. A goal that is missed is said to be, and fails nothing: machines differ.</summary>
internal sealed record Goal
{
    private Goal(double limit, bool isOfRatio, bool isMin) => (Limit, IsOfRatio, IsMin) = (limit, isOfRatio, isMin);

    public double Limit { get; }

    /// <summary>Whether it is about the ratio to what is compared with, and not about the value.</summary>
    public bool IsOfRatio { get; }

    /// <summary>Whether more is better.</summary>
    public bool IsMin { get; }

    public static Goal Max(double value) => new(value, isOfRatio: false, isMin: false);

    public static Goal MaxRatio(double ratio) => new(ratio, isOfRatio: true, isMin: false);

    public static Goal MinRatio(double ratio) => new(ratio, isOfRatio: true, isMin: true);

    public bool IsMetBy(double median) => IsMin ? median >= Limit : median <= Limit;

    /// <summary>Such as <c>&lt;= 0.6x</c> or <c>&lt;= 70 MB</c>.</summary>
    public string Text(string unit) =>
        string.Create(CultureInfo.InvariantCulture, $"{(IsMin ? ">=" : "<=")} {Limit}{(IsOfRatio ? "x" : $" {unit}".TrimEnd())}");
}
