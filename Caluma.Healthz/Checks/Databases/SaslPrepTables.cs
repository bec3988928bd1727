using System.Globalization;
using System.Text;

namespace Caluma.Healthz.Checks.Databases;

/// <summary>The tables of RFC 3454 and of Unicode that <see cref="SaslPrep"/> needs, from the embedded <c>saslprep.txt</c>.</summary>
internal sealed class SaslPrepTables
{
    private readonly Dictionary<string, List<(int Start, int End)>> _ranges = [];
    private readonly Dictionary<int, int> _classes = [];
    private readonly Dictionary<int, int[]> _decompositions = [];
    private readonly Dictionary<(int, int), int> _compositions = [];

    private SaslPrepTables()
    {
        using var stream = typeof(SaslPrepTables).Assembly.GetManifestResourceStream("Caluma.Healthz.Checks.Databases.saslprep.txt")!;
        using var reader = new StreamReader(stream, Encoding.ASCII);
        while (reader.ReadLine() is { } line)
        {
            var (table, items) = line.Split(' ') is [var name, .. var rest] ? (name, rest) : ("#", []);
            switch (table)
            {
                case "#":
                    break;
                case "class":
                    foreach (var item in items.Select(item => item.Split('=')))
                    {
                        var (start, end) = Range(item[0]);
                        for (var code = start; code <= end; code++)
                        {
                            _classes[code] = int.Parse(item[1], NumberStyles.None, CultureInfo.InvariantCulture);
                        }
                    }

                    break;
                case "decompose":
                    foreach (var item in items.Select(item => item.Split('=')))
                    {
                        _decompositions[Code(item[0])] = [.. item[1].Split('.').Select(Code)];
                    }

                    break;
                case "compose":
                    foreach (var item in items.Select(item => item.Split('=', '.')))
                    {
                        _compositions[(Code(item[0]), Code(item[1]))] = Code(item[2]);
                    }

                    break;
                default:
                    if (!_ranges.TryGetValue(table, out var ranges))
                    {
                        _ranges[table] = ranges = [];
                    }

                    ranges.AddRange(items.Select(Range));
                    break;
            }
        }
    }

    /// <value>Read for the first password that needs them: 87 kB, a few milliseconds.</value>
    public static Lazy<SaslPrepTables> Instance { get; } = new(() => new SaslPrepTables());

    /// <summary>Whether a character is in a table: <c>space nothing prohibited unassigned right-to-left left-to-right</c>.</summary>
    public bool Has(string table, int code) => _ranges[table].Exists(range => range.Start <= code && code <= range.End);

    /// <summary>The canonical combining class; 0 for a starter.</summary>
    public int ClassOf(int code) => _classes.GetValueOrDefault(code);

    /// <summary>The full decomposition of a character; null where it has none.</summary>
    public int[]? DecompositionOf(int code) => _decompositions.GetValueOrDefault(code);

    /// <summary>The composition of two characters; null where they do not compose.</summary>
    public int? CompositionOf(int first, int second) => _compositions.TryGetValue((first, second), out var composed) ? composed : null;

    private static (int Start, int End) Range(string text) =>
        text.Split('-') is [var start, var end] ? (Code(start), Code(end)) : (Code(text), Code(text));

    private static int Code(string text) => int.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
