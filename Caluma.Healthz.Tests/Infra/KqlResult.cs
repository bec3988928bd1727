using System.Text.Json.Nodes;

namespace Caluma.Healthz.Tests.Infra;

/// <summary>What came of a query.</summary>
/// <param name="Diagnostics">What is wrong with it.</param>
/// <param name="Columns">The types of the columns that it gives, by name; null where something is wrong with it.</param>
/// <param name="Rows">The rows that it gives; null where something is wrong with it.</param>
/// <param name="Unsupported">What of it cannot be run here; null where it could.</param>
internal sealed record KqlResult(
    IReadOnlyList<KqlDiagnostic> Diagnostics,
    IReadOnlyDictionary<string, string>? Columns,
    IReadOnlyList<JsonObject>? Rows,
    string? Unsupported)
{
    /// <summary>The rows as text, their values separated by commas.</summary>
    public IEnumerable<string> Lines => Rows!.Select(row => string.Join(", ", row.Select(column => $"{column.Value}")));
}
