using Caluma.Healthz.Configuration;

namespace Caluma.Healthz.History;

/// <summary>Checks, before a server starts, whether the history can be kept in a folder.</summary>
internal static class FolderCheck
{
    /// <summary>
    /// Creates and locks the folder of a configuration and writes a file to it. Does nothing where no folder is
    /// configured.
    /// </summary>
    /// <returns>
    /// The problem; null where there is none. A full disk is no problem here: the routes work all the same, and records wait for space.
    /// </returns>
    public static ConfigurationProblem? Find(HealthzOptions options) => options.History?.Folder is { } folder ? Find(folder) : null;

    internal static ConfigurationProblem? Find(string folder)
    {
        try
        {
            var files = new FolderLock(folder);
            using var held = files.TryAcquire();
            if (held is not null)
            {
                using var second = files.TryAcquire();
                if (second is not null)
                {
                    return Problem(
                        folder, "is on a file system without locks", "one with locks, such as ext4, XFS, or NFS from version 4 on");
                }
            }

            var trial = Path.Combine(folder, $"{Guid.NewGuid():N}.tmp");
            try
            {
                File.WriteAllBytes(trial, [1]);
            }
            finally
            {
                File.Delete(trial);
            }

            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            var explained = FolderFailure.Explain(exception, folder, null);
            return explained.Reason switch
            {
                Reason.Full => null,
                Reason.ReadOnly => Problem(folder, "is on a file system that is read-only", "a volume that is mounted writable"),
                Reason.Permission => Problem(
                    folder, "may not be written by this process",
                    "a folder that the user it runs as may write to (in Kubernetes, set fsGroup)"),
                _ => Problem(folder, "cannot be created or written", "a folder on a volume that can be written to"),
            };
        }
    }

    private static ConfigurationProblem Problem(string folder, string problem, string expected) =>
        new(FolderFailure.Setting, $"is {SettingsReader.Printable(folder, 500)}, which {problem}", expected);
}
