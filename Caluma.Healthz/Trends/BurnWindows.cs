namespace Caluma.Healthz.Trends;

/// <summary>
/// Two windows. The rule triggers where the burn rate reaches the factor in both: the long window shows that the failures are
/// significant, the short one that they still occur.
/// </summary>
/// <param name="Factor">The burn rate that triggers.</param>
/// <param name="Long">The long window.</param>
/// <param name="Short">The short window.</param>
/// <param name="MinIndependent">The minimum of independent failures in the long window.</param>
internal sealed record BurnWindows(double Factor, TimeSpan Long, TimeSpan Short, int MinIndependent);
