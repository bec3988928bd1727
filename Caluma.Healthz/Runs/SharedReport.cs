namespace Caluma.Healthz.Runs;

/// <summary>The report of a run that several callers may share.</summary>
/// <param name="Report">The report.</param>
/// <param name="Age">Time since the run ended; zero for a run that the caller waited for.</param>
internal sealed record SharedReport(RunReport Report, TimeSpan Age);
