namespace Caluma.Healthz.Server.Commands;

/// <summary>One check on one target.</summary>
internal sealed record CheckReportLine(string Check, string Target, bool Ok, double Ms, string? Reason);
