namespace Caluma.Healthz.History;

/// <summary>A document that is made from the log, and knows how much of the log it has taken in.</summary>
internal interface ILogFold
{
    /// <summary>Up to where it has read the log.</summary>
    LogPosition Position { get; set; }

    /// <summary>Which records it has taken in, however often they were appended.</summary>
    TickSet Seen { get; }
}
