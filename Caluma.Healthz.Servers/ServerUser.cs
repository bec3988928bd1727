namespace Caluma.Healthz.Servers;

/// <summary>The user of a server that refuses to run as root, when the tests do.</summary>
internal sealed record ServerUser(string Name, string UserId, string GroupId)
{
    /// <summary>The first name that exists; null where the tests do not run as root.</summary>
    public static ServerUser? FindUnlessRoot(params ReadOnlySpan<string> names)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return null;
        }

        var users = File.ReadLines("/etc/passwd").Select(line => line.Split(':')).Where(fields => fields.Length > 3).ToList();
        foreach (var name in names)
        {
            if (users.Find(fields => fields[0] == name) is { } user)
            {
                return new ServerUser(name, user[2], user[3]);
            }
        }

        throw new InvalidOperationException($"None of the users {string.Join(", ", names.ToArray())} exists.");
    }
}
