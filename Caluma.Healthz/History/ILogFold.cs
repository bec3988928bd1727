namespace Caluma.Healthz.History;

/// <summary>A document that is computed from the log and knows how far it has read it.</summary>
internal interface ILogFold
{
    /// <summary>The place in the log that it has read up to.</summary>
    LogPosition Position { get; set; }

    /// <summary>The records that it has read, to count each of them once.</summary>
    TickSet Seen { get; }
}
