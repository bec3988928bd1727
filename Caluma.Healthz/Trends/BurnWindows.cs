namespace Caluma.Healthz.Trends;

/// <summary>
/// Two windows in both of which the burn rate must be too high: a long one that is significant, and a short one that shows that the trouble
/// lasts.
/// </summary>
/// <param name="Factor">The burn rate that triggers.</param>
/// <param name="Long">The long window.</param>
/// <param name="Short">The short window.</param>
/// <param name="MinIndependent">The least number of independent failures in the long window.</param>
internal sealed record BurnWindows(double Factor, TimeSpan Long, TimeSpan Short, int MinIndependent);
