using Caluma.Healthz.History;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Pages;

/// <summary>Consecutive runs in which a check failed on a target.</summary>
/// <param name="From">The first run.</param>
/// <param name="To">The last run.</param>
/// <param name="Reasons">The reasons of the failures.</param>
/// <param name="IsMaintenance">Whether they were during maintenance and do not count.</param>
internal sealed record FailureStretch(DateTimeOffset From, DateTimeOffset To, ReasonCounts Reasons, bool IsMaintenance)
{
    /// <summary>All stretches of a check, the oldest first.</summary>
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
                    stretches[^1] = last with { To = record.Tick, Reasons = ReasonCounts.Of(last.Reasons.All.Append(reason)) };
                }
                else
                {
                    stretches.Add(new FailureStretch(record.Tick, record.Tick, ReasonCounts.Of([reason]), record.Maintenance));
                }
            }

            isFailing = !found.Ok;
        }

        return stretches;
    }

    /// <summary>The reason, the time and what to try.</summary>
    /// <param name="context">The context of the page.</param>
    /// <param name="stretch">The stretch.</param>
    /// <param name="name">The name of the check; null on a page of this check only.</param>
    public static Html Describe(PageContext context, FailureStretch stretch, Html? name = null)
    {
        var reason = stretch.Reasons.Main!.Value;
        var when = Html.Of($"{context.Span(stretch.From, stretch.To)}{(stretch.IsMaintenance ? ", in maintenance" : "")}");
        var subject = name is null ? null : Html.Of($"{name}: ");
        return Html.Of($"{subject}{Words.Reason(reason)}: {stretch.Reasons.ToString()}, {when}");
    }
}
