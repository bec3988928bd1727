using System.Text.Json;
using System.Text.Json.Serialization;

namespace Caluma.Healthz.History;

/// <summary>
/// The recorded ticks of each instance, to recognise a record that landed twice. An even schedule takes one span for each instance, however
/// long it lasts.
/// </summary>
internal sealed class TickSet
{
    /// <summary>The spans by instance.</summary>
    [JsonInclude]
    [JsonRequired]
    public Dictionary<string, List<TickSpan>> Instances
    {
        get;
        init => field = value.ContainsValue(null!) ? throw new JsonException("An instance must have a list of ticks.") : value;
    }

    = [];

    /// <summary>Whether a record was added.</summary>
    public bool Contains(RunRecord record) =>
        Instances.TryGetValue(record.Instance, out var spans) && Contains(spans, record.Tick.ToUnixTimeMilliseconds());

    /// <summary>Adds the tick of a record.</summary>
    /// <returns>False where it was added before.</returns>
    public bool Add(RunRecord record)
    {
        if (!Instances.TryGetValue(record.Instance, out var spans))
        {
            Instances.Add(record.Instance, spans = []);
        }

        var tick = record.Tick.ToUnixTimeMilliseconds();
        if (Contains(spans, tick))
        {
            return false;
        }

        if (spans is [.., var last] && last.With(tick) is { } longer)
        {
            spans[^1] = longer;
        }
        else
        {
            spans.Add(new TickSpan(tick, 0, 1));
        }

        return true;
    }

    /// <summary>Whether any instance has recorded a run for this tick.</summary>
    public bool Contains(DateTimeOffset tick)
    {
        var time = tick.ToUnixTimeMilliseconds();
        return Instances.Values.Any(spans => Contains(spans, time));
    }

    /// <summary>The first run of any instance after a tick; null where there is none.</summary>
    public DateTimeOffset? After(DateTimeOffset tick)
    {
        var time = tick.ToUnixTimeMilliseconds();
        var next = Instances.Values.SelectMany(spans => spans).Select(span => span.After(time)).Min();
        return next is { } found ? DateTimeOffset.FromUnixTimeMilliseconds(found) : null;
    }

    /// <summary>Drops ticks that are too old for a record to land again.</summary>
    public void ForgetBefore(DateTimeOffset time)
    {
        var limit = time.ToUnixTimeMilliseconds();
        foreach (var (instance, spans) in Instances)
        {
            spans.RemoveAll(span => span.Last < limit);
            if (spans.Count == 0)
            {
                Instances.Remove(instance);
            }
        }
    }

    private static bool Contains(List<TickSpan> spans, long tick)
    {
        foreach (var span in spans)
        {
            if (span.Contains(tick))
            {
                return true;
            }
        }

        return false;
    }
}
