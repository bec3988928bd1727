namespace Caluma.Healthz.Trends;

/// <summary>A period up to now.</summary>
/// <param name="Name">The name, such as <c>5m</c>, <c>6h</c> or <c>30d</c>.</param>
/// <param name="Length">The length.</param>
internal sealed record Window(string Name, TimeSpan Length)
{
    /// <summary>The windows of less than a day, which the state of the rules has.</summary>
    public static IReadOnlyList<Window> OfMinutes { get; } =
    [
        new("5m", TimeSpan.FromMinutes(5)),
        new("30m", TimeSpan.FromMinutes(30)),
        new("1h", TimeSpan.FromHours(1)),
        new("2h", TimeSpan.FromHours(2)),
        new("6h", TimeSpan.FromHours(6)),
    ];

    /// <summary>The windows of days, which consist of hours.</summary>
    public static IReadOnlyList<Window> OfDays { get; } =
    [
        new("1d", TimeSpan.FromDays(1)),
        new("3d", TimeSpan.FromDays(3)),
        new("7d", TimeSpan.FromDays(7)),
        new("30d", TimeSpan.FromDays(30)),
    ];

    /// <summary>The largest window.</summary>
    public static Window Max => OfDays[^1];

    /// <summary>The window with this name.</summary>
    public static Window Named(string name) => OfMinutes.Concat(OfDays).Single(window => window.Name == name);

    /// <summary>Whether a bucket that begins at a time is in the window that ends now.</summary>
    public bool Contains(DateTimeOffset start, DateTimeOffset now) => Timeline.IsIn(start, now, Length);
}
