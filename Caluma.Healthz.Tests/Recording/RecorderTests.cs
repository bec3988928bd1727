using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.Recording;

public sealed class RecorderTests(Services services)
{
    [Fact]
    public async Task A_run_becomes_a_line_of_the_log()
    {
        await using var probe = await RecordedProbe.StartNewAsync(services);

        await probe.TickAsync();
        probe.Fails = Reason.Timeout;
        await probe.TickAsync(4);
        probe.Fails = null;
        await probe.TickAsync(6);

        foreach (var name in new[] { "records/2026/11/22.jsonl", "rollups/2026/11/22.json", "alerts/state.json", "latest.json" })
        {
            TestContext.Current.SendDiagnosticMessage(name + Environment.NewLine + await probe.ReadAsync(name));
        }

        TestContext.Current.SendDiagnosticMessage(string.Join(Environment.NewLine, probe.Log.GetSnapshot().Select(record => record.Level + " " + record.Message)));
    }
}
