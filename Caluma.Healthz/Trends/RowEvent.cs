namespace Caluma.Healthz.Trends;

/// <summary>The place of a run in a row of failing runs, as far as <see cref="RunCount"/> counts it.</summary>
internal enum RowEvent
{
    /// <summary>Any other place, or none.</summary>
    None,

    /// <summary>It failed directly after the first failing run of a row.</summary>
    Second,

    /// <summary>It passed, after a row of one or two failing runs.</summary>
    ShortRowEnds,
}
