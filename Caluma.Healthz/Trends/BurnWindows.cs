namespace Caluma.Healthz.Trends;

/// <summary>
/// Two windows over both of which the error budget must burn too fast: a long one that matters, and a short one that says it still
/// does.
/// </summary>
/// <param name="Factor">How many times as fast as it may.</param>
/// <param name="Long">The long window.</param>
/// <param name="Short">The short window.</param>
/// <param name="MinFailures">How many failures the long window needs besides.</param>
internal sealed record BurnWindows(double Factor, TimeSpan Long, TimeSpan Short, int MinFailures);
