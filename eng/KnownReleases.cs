// Writes Caluma.Healthz/Migrations/known-releases.txt from the facts of eng/releases.json, which were read from Caluma's git tags:
//
//   dotnet run eng/KnownReleases.cs -- eng/releases.json Caluma.Healthz/Migrations/known-releases.txt
//
// A new release is a tag in the group whose apps and migrations are its own, or a group of its own; tag_count counts them all.

using System.Text;
using System.Text.Json.Nodes;

if (args is not [var factsPath, var outputPath])
{
    Console.Error.WriteLine("usage: dotnet run eng/KnownReleases.cs -- <releases.json> <known-releases.txt>");
    return 2;
}

var facts = JsonNode.Parse(File.ReadAllText(factsPath))!;
var packageMigrations = facts["package_migrations"]!.AsObject();
var releases = facts["groups"]!.AsArray()
    .SelectMany(group => Strings(group!["tags"]).Select(tag => (Version: Version.Parse(tag.TrimStart('v')), Migrations: Expected(group))))
    .OrderBy(release => release.Version)
    .ToList();

if (releases.DistinctBy(release => release.Version).Count() != facts["tag_count"]!.GetValue<int>())
{
    throw new InvalidDataException("The groups do not hold as many releases as tag_count says.");
}

var output = new StringBuilder(
    $"""
    # The migrations that each of {releases.Count} Caluma releases expects, as steps, oldest first: the releases that share them, then
    # what they add to (+) and drop from (-) the step before. "< app.name app.name" follows a squashed migration and names what it
    # replaces, which is then listed nowhere else. Written by eng/KnownReleases.cs: run it again instead of editing this.
    """).Append('\n');
SortedSet<string> before = new(StringComparer.Ordinal);
List<Version> sharing = [];
foreach (var (release, next) in releases.Zip(releases.Skip(1).Append(default)))
{
    sharing.Add(release.Version);
    if (next.Migrations is not null && next.Migrations.SetEquals(release.Migrations))
    {
        continue;
    }

    output.Append('\n').AppendJoin(' ', sharing).Append('\n');
    foreach (var dropped in before.Except(release.Migrations))
    {
        output.Append("- ").Append(dropped.Split(' ')[0]).Append('\n');
    }

    foreach (var added in release.Migrations.Except(before))
    {
        output.Append("+ ").Append(added).Append('\n');
    }

    sharing.Clear();
    before = release.Migrations;
}

File.WriteAllText(outputPath, output.ToString());
return 0;

SortedSet<string> Expected(JsonNode group)
{
    var migrations = Named(group["migrations"]!.AsObject()).ToHashSet();
    foreach (var app in Strings(group["installed_apps"]))
    {
        var path = app.Replace(".apps.DefaultConfig", "", StringComparison.Ordinal);
        var label = path[(path.LastIndexOf('.') + 1)..];
        if (packageMigrations[label] is { } names)
        {
            migrations.UnionWith(Strings(names).Select(name => $"{label}.{name}"));
        }
        else if (!path.StartsWith("caluma.", StringComparison.Ordinal))
        {
            throw new InvalidDataException($"The facts do not say which migrations {app} has.");
        }
    }

    foreach (var (squashed, replaced) in group["replaces"]!.AsObject())
    {
        var names = Strings(replaced).ToList();
        migrations.ExceptWith(names);
        migrations.Remove(squashed);
        migrations.Add($"{squashed} < {string.Join(' ', names)}");
    }

    return new(migrations, StringComparer.Ordinal);
}

static IEnumerable<string> Named(JsonObject migrationsByApp) =>
    migrationsByApp.SelectMany(app => Strings(app.Value).Select(name => $"{app.Key}.{name}"));

static IEnumerable<string> Strings(JsonNode? array) => array!.AsArray().Select(item => item!.GetValue<string>());
