using System.Diagnostics;

namespace Caluma.Healthz.Tests.Servers;

[Slow]
public sealed class GuardTests
{
    [Fact]
    public async Task The_end_of_the_test_process_ends_its_servers_and_removes_the_folder()
    {
        using var guard = new Guard();
        using var running = Start(guard, "sleep 1000 & setsid sh -c 'sleep 1000 & sleep 1000' & wait");
        using var hanging = Start(guard, "sleep 1000");
        IReadOnlyList<int> processIds = [];
        await Deadline.UntilAsync("all have started", () => (processIds = ProcessTree.Of(running.Id)).Count == 5);
        Signal.Stop.SendTo(hanging.Id);

        guard.Dispose();

        await Deadline.UntilAsync("all have ended", () => !processIds.Append(hanging.Id).Append(guard.ProcessId).Any(ProcessTree.IsAlive));
        Assert.False(Directory.Exists(guard.Folder));
    }

    [Fact]
    public async Task No_server_starts_after_the_guard_has_begun()
    {
        using var guard = new Guard();
        guard.Dispose();
        await Deadline.UntilAsync("the guard has ended", () => !ProcessTree.IsAlive(guard.ProcessId));

        using var late = Start(guard, "exit 0");
        await late.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.NotEqual(0, late.ExitCode);
    }

    [Fact]
    public async Task A_later_process_with_the_same_number_is_left_alone()
    {
        using var guard = new Guard();
        using var bystander = Process.Start("sleep", "1000");
        var stat = await File.ReadAllTextAsync($"/proc/{Environment.ProcessId}/stat", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            Path.Combine(guard.Folder, "running", $"{bystander.Id}"),
            stat,
            TestContext.Current.CancellationToken);

        guard.Dispose();
        await Deadline.UntilAsync("the guard has ended", () => !ProcessTree.IsAlive(guard.ProcessId));

        Assert.True(ProcessTree.IsAlive(bystander.Id));
        bystander.Kill();
    }

    private static Process Start(Guard guard, string script)
    {
        var command = guard.CommandOf(["sh", "-c", script]).ToList();
        return Process.Start(new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardError = true })!;
    }
}
