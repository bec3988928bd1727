namespace Caluma.Healthz.Tests.Infra;

/// <summary>A problem of a query.</summary>
/// <param name="Severity">Error, Warning or Suggestion.</param>
/// <param name="Message">The message.</param>
internal sealed record KqlDiagnostic(string Severity, string Message);
