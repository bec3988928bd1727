using System.Text.Json.Serialization;

namespace Caluma.Healthz.History;

/// <summary>Evenly spaced ticks.</summary>
/// <param name="Start">The first, in milliseconds since 1970.</param>
/// <param name="Step">The milliseconds between two ticks; 0 for a single one.</param>
/// <param name="Count">The number of ticks.</param>
internal readonly record struct TickSpan(long Start, long Step, int Count)
{
    [JsonIgnore]
    public long Last => Start + (Step * (Count - 1));

    public bool Contains(long tick)
    {
        var distance = tick - Start;
        return Step == 0 ? distance == 0 : distance >= 0 && distance % Step == 0 && distance / Step < Count;
    }

    /// <summary>The first tick after another one; null where there is none.</summary>
    public long? After(long tick) => tick < Start ? Start
        : Step > 0 && tick < Last ? Start + ((((tick - Start) / Step) + 1) * Step)
        : null;

    /// <summary>The span with <paramref name="tick"/> appended; null where it does not follow evenly.</summary>
    public TickSpan? With(long tick)
    {
        var step = Count == 1 ? tick - Start : Step;
        return step > 0 && tick == Last + step ? new TickSpan(Start, step, Count + 1) : null;
    }
}
