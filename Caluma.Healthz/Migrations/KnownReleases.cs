using System.Text.RegularExpressions;

namespace Caluma.Healthz.Migrations;

/// <summary>The Caluma releases since 5.0.0, from the embedded <c>known-releases.txt</c>.</summary>
internal static partial class KnownReleases
{
    /// <value>All of them, oldest first by version: a patch of an old major version comes before a newer major version.</value>
    public static IReadOnlyList<Release> All { get; } = Load();

    /// <summary>The release of a version such as <c>9.3.3</c> or <c>v9.3.3</c>; null where there is none.</summary>
    public static Release? Find(string version)
    {
        var wanted = version.Trim().TrimStart('v', 'V');
        return All.FirstOrDefault(release => release.Version.ToString() == wanted);
    }

    /// <summary>Up to three known versions that are similar to an unknown one, the most similar first.</summary>
    public static IReadOnlyList<string> Nearest(string version)
    {
        var numbers = Number().Matches(version).Take(3).Select(match => int.TryParse(match.Value, out var number) ? number : int.MaxValue);
        // A word without a number, such as latest, probably means the newest.
        int[] parts = [.. numbers.DefaultIfEmpty(int.MaxValue), 0, 0];
        var wanted = new Version(parts[0], parts[1], parts[2]);

        // Half-way between its neighbours, 0.5 in favour of the lower one.
        var place = All.Count(release => release.Version <= wanted) - 0.5;
        var neighbours = All.Index().OrderBy(known => Math.Abs(known.Index - place)).Select(known => known.Item.Version.ToString());
        var otherDots = neighbours.Where(known => Digits(known) == Digits(version));
        return [.. otherDots.Concat(neighbours).Distinct().Take(3)];

        static string Digits(string text) => string.Concat(text.Where(char.IsAsciiDigit));
    }

    /// <summary>Reads the format that the head of <c>known-releases.txt</c> describes.</summary>
    internal static IReadOnlyList<Release> Parse(string text)
    {
        var releases = new List<Release>();
        var migrations = new List<Migration>();
        var replaces = new Dictionary<Migration, IReadOnlyList<Migration>>();
        foreach (var step in text.Split("\n\n").Where(step => !step.StartsWith('#')))
        {
            var lines = step.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            foreach (var change in lines[1..].Select(line => line.Split(' ')))
            {
                var migration = Migration.Parse(change[1]);
                switch (change)
                {
                    case ["-", _]:
                        migrations.Remove(migration);
                        replaces.Remove(migration);
                        break;
                    case ["+", _]:
                        migrations.Add(migration);
                        break;
                    case ["+", _, "<", .. var replaced]:
                        migrations.Add(migration);
                        replaces.Add(migration, [.. replaced.Select(Migration.Parse)]);
                        break;
                    default:
                        throw new FormatException(
                            $"\"{string.Join(' ', change)}\" must be a change of a step: + or -, a migration, "
                            + "and < before what it replaces.");
                }
            }

            // Releases with the same migrations share one list; NewestCompleteRelease compares the references.
            var (expected, replacements) = (migrations.ToList(), replaces.ToDictionary());
            releases.AddRange(lines[0].Split(' ').Select(version => new Release(Version.Parse(version), expected, replacements)));
        }

        return releases;
    }

    private static IReadOnlyList<Release> Load()
    {
        using var stream = typeof(KnownReleases).Assembly.GetManifestResourceStream(typeof(KnownReleases), "known-releases.txt")!;
        using var reader = new StreamReader(stream);
        return Parse(reader.ReadToEnd());
    }

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Number();
}
