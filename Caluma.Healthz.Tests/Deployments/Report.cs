using System.Text.Json;

namespace Caluma.Healthz.Tests.Deployments;

/// <summary>An answer of <c>/healthz</c>.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Verdicts">Lines such as <c>databases/default: ok</c>, in the order of the answer.</param>
internal sealed record Report(int Status, IReadOnlyList<string> Verdicts)
{
    /// <summary>The lines that do not end in ok.</summary>
    public IEnumerable<string> Failed => Verdicts.Where(verdict => verdict.EndsWith(": failed", StringComparison.Ordinal));

    public static Report Read(int status, JsonElement body)
    {
        var verdicts = new List<string>();
        foreach (var check in body.EnumerateObject())
        {
            if (check.Value.ValueKind != JsonValueKind.Array)
            {
                verdicts.Add($"{check.Name}: {Verdict(check.Value)}");
                continue;
            }

            verdicts.AddRange(
                from entry in check.Value.EnumerateArray()
                from target in entry.EnumerateObject()
                select $"{check.Name}/{target.Name}: {Verdict(target.Value)}");
        }

        return new Report(status, verdicts);
    }

    /// <summary>Fails on anything but exactly <c>{"ok": bool}</c>.</summary>
    private static string Verdict(JsonElement result)
    {
        var member = Assert.Single(result.EnumerateObject());
        Assert.Equal("ok", member.Name);
        return member.Value.GetBoolean() ? "ok" : "failed";
    }
}
