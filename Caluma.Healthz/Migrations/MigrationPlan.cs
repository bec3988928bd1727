using System.Text.RegularExpressions;

namespace Caluma.Healthz.Migrations;

/// <summary>
/// Expects all migrations that <c>manage.py showmigrations --plan</c> printed, ticked or not. For deployments with apps or migrations of
/// their own.
/// </summary>
/// <remarks>
/// Django lists either a squashed migration or the ones that it replaces, depending on the database. Only the listed ones count.
/// </remarks>
internal sealed partial class MigrationPlan : IMigrationExpectation
{
    /// <summary>The size limit of a file; the plan of Caluma 9.3.3 has 4,071 characters.</summary>
    public const int MaxLength = 256 * 1024;

    private readonly IReadOnlyList<Migration> _migrations;

    private MigrationPlan(IReadOnlyList<Migration> migrations) => _migrations = migrations;

    /// <summary>Reads a plan.</summary>
    /// <exception cref="FormatException"> The text is no plan. The message has the line and the reason but not the text, because the file
    /// may be a secret that was named by mistake.
    /// </exception>
    public static MigrationPlan Read(TextReader reader)
    {
        var buffer = new char[MaxLength + 1];
        var length = reader.ReadBlock(buffer);
        if (length > MaxLength)
        {
            throw new FormatException($"The plan is longer than {MaxLength} characters.");
        }

        var text = EscapeSequence().Replace(new string(buffer, 0, length), "").TrimStart('\uFEFF');
        var migrations = new List<Migration>();
        foreach (var (index, line) in text.Split('\n').Index())
        {
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            migrations.Add(Line().Match(line) is { Success: true } match
                ? Migration.Parse(match.Groups["migration"].Value)
                : throw new FormatException(
                    $"Line {index + 1} of the plan is not of the form \"[X]  app.name\", as manage.py showmigrations --plan prints it."));
        }

        return migrations is [] ? throw new FormatException("The plan lists no migration.") : new MigrationPlan(migrations);
    }

    public MigrationVerdict Compare(IReadOnlySet<Migration> applied) =>
        MigrationVerdict.Of(release: null, _migrations.Where(migration => !applied.Contains(migration)).Distinct());

    public bool Expects(string app) => _migrations.Any(migration => migration.App == app);

    // With -v 2 and higher the dependencies follow: " ... (app.name, app.name)". Only the list without --plan has "[-]".
    // https://github.com/django/django/blob/4.2/django/core/management/commands/showmigrations.py
    [GeneratedRegex(@"^\s*\[[X ]\]\s+(?<migration>\w+\.[\w-]+)(\s+\.\.\. \(.*\))?\s*$", RegexOptions.ExplicitCapture)]
    private static partial Regex Line();

    // Colours and cursor moves of terminals: ECMA-48, 5.4, control sequences.
    [GeneratedRegex(@"\x1B\[[0-?]*[ -/]*[@-~]")]
    private static partial Regex EscapeSequence();
}
