namespace Caluma.Healthz.Tests.Infra;

/// <summary>What is wrong with a query.</summary>
/// <param name="Severity">Error, Warning or Suggestion.</param>
/// <param name="Message">What it is.</param>
internal sealed record KqlDiagnostic(string Severity, string Message);
