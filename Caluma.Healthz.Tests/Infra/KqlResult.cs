using System.Text.Json.Nodes;

namespace Caluma.Healthz.Tests.Infra;

/// <summary>The result of a query.</summary>
/// <param name="Diagnostics">Its problems.</param>
/// <param name="Columns">The types of its columns by name; null for an invalid query.</param>
/// <param name="Rows">Its rows; null for an invalid query.</param>
/// <param name="Unsupported">The part that cannot run here; null where the query ran.</param>
internal sealed record KqlResult(
    IReadOnlyList<KqlDiagnostic> Diagnostics,
    IReadOnlyDictionary<string, string>? Columns,
    IReadOnlyList<JsonObject>? Rows,
    string? Unsupported)
{
    /// <summary>The rows as text, with values separated by commas.</summary>
    public IEnumerable<string> Lines => Rows!.Select(row => string.Join(", ", row.Select(column => $"{column.Value}")));
}
