namespace Caluma.Healthz.Server.Commands;

/// <summary>The result of one check on one target.</summary>
internal sealed record CheckReportLine(string Check, string Target, bool Ok, double Ms, string? Reason);
