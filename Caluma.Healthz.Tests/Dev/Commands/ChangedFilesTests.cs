using Caluma.Healthz.Dev;
using Caluma.Healthz.Dev.Commands;

namespace Caluma.Healthz.Tests.Dev.Commands;

[Slow]
public sealed class ChangedFilesTests : IDisposable
{
    private readonly ServerFolder _clone = new("changed-files");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_committed_changed_new_renamed_or_deleted_is_listed_and_what_main_has_done_since_is_not()
    {
        await BeginAsync();
        await GitAsync("switch", "--quiet", "--create", "branch");
        Write("committed", "new");
        await CommitAsync();
        await GitAsync("switch", "--quiet", "main");
        Write("of-main", "new");
        await CommitAsync();
        await GitAsync("switch", "--quiet", "branch");

        Directory.Move(_clone.PathOf("old-folder"), _clone.PathOf("new-folder"));
        await GitAsync("add", "--all", "old-folder", "new-folder");
        File.Delete(_clone.PathOf("deleted"));
        Write("changed", "other");
        Write("new with a blank", "new");
        Write("größer", "new");
        Write("ignored", "new");

        Assert.Equal(
            ["changed", "committed", "deleted", "größer", "new with a blank", "new-folder/file", "old-folder/file"],
            await ListAsync());
    }

    [Fact]
    public async Task On_main_it_is_what_was_not_published()
    {
        await BeginAsync();
        await GitAsync("update-ref", "refs/remotes/origin/main", "HEAD");
        Write("committed", "new");
        await CommitAsync();

        Assert.Equal(["committed"], await ListAsync());
    }

    [Fact]
    public async Task Where_there_is_no_main_branch_it_says_how_to_get_one()
    {
        await BeginAsync();
        await GitAsync("branch", "--move", "other");

        var refused = await Assert.ThrowsAsync<DevException>(ListAsync);

        Assert.Equal(
            "--changed needs a branch main or origin/main to compare with, and its history: git fetch origin main.", refused.Message);
    }

    public void Dispose() => _clone.Dispose();

    private async Task BeginAsync()
    {
        await GitAsync("init", "--quiet", "--initial-branch=main");
        Write("changed", "one");
        Write("deleted", "one");
        Directory.CreateDirectory(_clone.PathOf("old-folder"));
        Write("old-folder/file", "a file that is moved");
        Write(".gitignore", "ignored");
        await CommitAsync();
    }

    private void Write(string name, string content) => File.WriteAllText(_clone.PathOf(name), content);

    private async Task CommitAsync()
    {
        await GitAsync("add", "--all");
        await GitAsync("-c", "user.name=test", "-c", "user.email=test@example.com", "commit", "--quiet", "--message", "change");
    }

    private Task GitAsync(params string[] arguments) => ServerProcess.RunAsync(_clone, "git", arguments);

    private async Task<string[]> ListAsync()
    {
        var list = await new ChangedFiles(new Workspace(_clone.Path, _clone.PathOf(".git/dev"))).ListAsync(Cancel);
        return [.. list.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)];
    }
}
