using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Recording;

/// <summary>The rollup of one day.</summary>
internal sealed class RollupDocument(RecordReader reader, DocumentStore documents, DateOnly day, Schedule schedule, ILogger logger)
    : FoldedDocument<DayRollup>(reader, documents, HistoryNames.Rollup(day), HistoryJson.Default.DayRollup)
{
    public DateOnly Day => day;

    protected override Task<DayRollup> AcceptAsync(Document<DayRollup> written, LogPosition next, CancellationToken cancellationToken)
    {
        if (written.Value?.Day == day)
        {
            return Task.FromResult(written.Value);
        }

        if (written.ETag is not null)
        {
            HistoryLog.Rebuilt(logger, HistoryNames.Rollup(day));
        }

        return Task.FromResult(new DayRollup { Day = day });
    }

    protected override bool Fold(DayRollup value, RunRecord record) => value.Fold(record, schedule);
}
