namespace Caluma.Healthz.Runs;

/// <summary>The report of a run that others may have been served too.</summary>
/// <param name="Report">What the run found.</param>
/// <param name="Age">Time since it ended; zero for one that was waited for.</param>
internal sealed record SharedReport(RunReport Report, TimeSpan Age);
