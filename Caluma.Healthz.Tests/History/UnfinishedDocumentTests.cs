using Azure;
using Caluma.Healthz.History;

namespace Caluma.Healthz.Tests.History;

/// <summary>What a process that was killed while it wrote leaves in a folder.</summary>
public sealed class UnfinishedDocumentTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_write_of_a_process_deletes_what_killed_ones_have_left_and_nothing_of_others()
    {
        await using var place = new FolderPlace();
        string[] left = [Unfinished("alerts/state.json"), Unfinished("rollups/2026/11/22.json"), Unfinished("recorder.lock")];
        string[] others = ["notes.tmp", "records/2026/11/22.jsonl", "rollups/2026/11/21.json.Xy3k.tmp"];
        foreach (var name in left.Concat(others))
        {
            await place.PutAsync(name, "{\"v\":1");
        }

        Assert.Empty(await place.Open().ListAsync("alerts/", Cancel).ToListAsync(Cancel));
        Assert.Subset((await place.NamesAsync()).ToHashSet(), left.ToHashSet());
        await place.Open().WriteAsync("alerts/state.json", BinaryData.FromString("{}"), over: null, Cancel);

        Assert.Equal(others.Append("alerts/state.json").Order(StringComparer.Ordinal), await place.NamesAsync());
    }

    [Fact]
    public async Task Another_process_keeps_what_is_being_written_under_the_lock()
    {
        await using var place = new FolderPlace();
        var (one, other) = (place.Open(), place.Open());
        await Task.WhenAll(Enumerable.Range(0, 50).SelectMany(at => new[]
        {
            one.WriteAsync($"rollups/2026/11/{at}.json", BinaryData.FromString("one"), ETag.All, Cancel),
            other.WriteAsync($"summaries/2026/{at}.json", BinaryData.FromString("other"), ETag.All, Cancel),
        }));

        Assert.Equal(100, (await place.NamesAsync()).Count);
    }

    private static string Unfinished(string name) => $"{name}.{Guid.NewGuid():N}.tmp";
}
