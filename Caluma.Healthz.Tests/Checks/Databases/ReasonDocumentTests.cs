using Caluma.Healthz.Checks.Databases;

namespace Caluma.Healthz.Tests.Checks.Databases;

/// <summary><c>docs/operations.md</c> lists exactly the rows of the tables under each reason.</summary>
public sealed class ReasonDocumentTests
{
    private static readonly Dictionary<string, string> _rows = File.ReadAllText(Path.Combine(Repository.Root, "docs", "operations.md"))
        .Split("### What leads to each reason: PostgreSQL and its poolers")[1]
        .Split('\n')
        .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
        .ToDictionary(line => line.Split('`')[1]);

    [Fact]
    public void Each_code_is_listed_under_its_reason() =>
        Assert.All(PostgresErrors.Table, row => Assert.Contains($"`{row.SqlState}`", _rows[row.Reason.Code()], StringComparison.Ordinal));

    [Fact]
    public void Each_message_of_a_pooler_is_listed_under_its_reason() =>
        Assert.All(PoolerErrors.Table, row =>
            Assert.Contains($"*{row.Start.TrimEnd('"', ' ')}", _rows[row.Reason.Code()], StringComparison.Ordinal));

    [Fact]
    public void No_code_is_listed_under_another_reason() => Assert.All(_rows, line => Assert.All(
        line.Value.Split('`').Where(
            code => code.Length is 2 or 5 && code.All(character => char.IsAsciiDigit(character) || char.IsAsciiLetterUpper(character))),
        code => Assert.True(code is "28000" || PostgresErrors.ReasonFor(code).Code() == line.Key, $"{code} is not {line.Key}")));
}
