using Caluma.Healthz.History;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Pages;

/// <summary>Runs in a row in which a check failed on a target.</summary>
/// <param name="From">The first of them.</param>
/// <param name="To">The last of them.</param>
/// <param name="Reasons">Why they failed.</param>
/// <param name="IsMaintenance">Whether they do not count.</param>
internal sealed record FailureStretch(DateTimeOffset From, DateTimeOffset To, ReasonCounts Reasons, bool IsMaintenance)
{
    /// <summary>All of them, the oldest first.</summary>
    public static List<FailureStretch> Of(IEnumerable<RunRecord> records, Check check, string target)
    {
        var stretches = new List<FailureStretch>();
        var isFailing = false;
        foreach (var record in records.OrderBy(record => record.Tick))
        {
            if (record.Checks.FirstOrDefault(one => one.Check == check && one.Target == target) is not { } found)
            {
                continue;
            }

            if (!found.Ok)
            {
                var reason = KeyValuePair.Create(found.Reason ?? Reason.Unknown, 1);
                if (isFailing && stretches[^1] is { } last && last.IsMaintenance == record.Maintenance)
                {
                    stretches[^1] = last with { To = record.Tick, Reasons = new ReasonCounts(last.Reasons.All.Append(reason)) };
                }
                else
                {
                    stretches.Add(new FailureStretch(record.Tick, record.Tick, new ReasonCounts([reason]), record.Maintenance));
                }
            }

            isFailing = !found.Ok;
        }

        return stretches;
    }

    /// <summary>Why it failed, from when to when, and what to try.</summary>
    /// <param name="context">Of the page.</param>
    /// <param name="stretch">Of a check.</param>
    /// <param name="name">Of the check; null where the page is about no other.</param>
    public static Html Say(PageContext context, FailureStretch stretch, Html? name = null)
    {
        var reason = stretch.Reasons.Main!.Value;
        var when = Html.Of($"{context.Span(stretch.From, stretch.To)}{(stretch.IsMaintenance ? ", in maintenance" : "")}");
        var subject = name is null ? null : Html.Of($"{name}: ");
        return Html.Of($"{subject}{Words.Reason(reason)}: {stretch.Reasons.ToString()}, {when}");
    }
}
