namespace Caluma.Healthz.Trends;

/// <summary>What a run is in a row of failing runs, where that matters for what chance makes.</summary>
internal enum RowEvent
{
    /// <summary>Nothing that matters.</summary>
    None,

    /// <summary>It failed directly after the first failing run of a row.</summary>
    Second,

    /// <summary>It passed, after a row of one or two failing runs.</summary>
    ShortRowEnds,
}
