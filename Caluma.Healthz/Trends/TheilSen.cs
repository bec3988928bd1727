namespace Caluma.Healthz.Trends;

/// <summary>A straight line through points, half of which may be off: https://en.wikipedia.org/wiki/Theil–Sen_estimator.</summary>
/// <param name="Slope">The median of the slopes between any two points.</param>
/// <param name="Intercept">The median of what each point then leaves at x = 0.</param>
internal readonly record struct TheilSen(double Slope, double Intercept)
{
    /// <summary>The value of the line.</summary>
    public double At(double x) => Intercept + (Slope * x);

    /// <param name="points">At least two, each with another x.</param>
    public static TheilSen Fit(ReadOnlySpan<(double X, double Y)> points)
    {
        var slopes = new double[points.Length * (points.Length - 1) / 2];
        var next = 0;
        for (var one = 0; one < points.Length; one++)
        {
            for (var other = one + 1; other < points.Length; other++)
            {
                slopes[next++] = (points[other].Y - points[one].Y) / (points[other].X - points[one].X);
            }
        }

        var slope = Median(slopes);
        var intercepts = new double[points.Length];
        for (var one = 0; one < points.Length; one++)
        {
            intercepts[one] = points[one].Y - (slope * points[one].X);
        }

        return new TheilSen(slope, Median(intercepts));
    }

    /// <summary>The middle of the values, or the middle between the two that are; sorts them.</summary>
    public static double Median(Span<double> values)
    {
        values.Sort();
        var middle = values.Length / 2;
        return values.Length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }
}
