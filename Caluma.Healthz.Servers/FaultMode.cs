namespace Caluma.Healthz.Servers;

/// <summary>How a <see cref="FaultServer"/> behaves.</summary>
internal sealed class FaultMode
{
    private readonly string _name;

    private FaultMode(string name) => _name = name;

    /// <summary>Forwards everything, both ways. Needs an upstream.</summary>
    public static FaultMode Proxy { get; } = new(nameof(Proxy));

    /// <summary>Nobody listens; connections that were open are reset.</summary>
    public static FaultMode Refused { get; } = new(nameof(Refused)) { Listens = false, Accepts = false };

    /// <summary>
    /// Connects get no answer, neither yes nor no, as behind a firewall that drops packets; connections that were open
    /// hang. Those who wait come through after the mode has changed, when the kernel asks again (a second later).
    /// </summary>
    public static FaultMode BlackHole { get; } = new(nameof(BlackHole)) { Accepts = false, Hangs = true };

    /// <summary>
    /// Takes connections, listens, and says nothing; what it was told, it forwards after the mode has changed, as a process
    /// does that was stopped and goes on.
    /// </summary>
    public static FaultMode AcceptsAndNeverAnswers { get; } = new(nameof(AcceptsAndNeverAnswers)) { Hangs = true };

    /// <summary>
    /// Takes connections and closes them at once, as a load balancer with nobody behind it does; those that were open, at
    /// their next byte.
    /// </summary>
    public static FaultMode ClosesAtOnce { get; } = new(nameof(ClosesAtOnce)) { Closes = true };

    /// <summary>Answers each request with bytes that are no answer in any of our protocols.</summary>
    public static FaultMode GarbageBytes { get; } = Answering(Convert.FromHexString(string.Concat(Enumerable.Repeat("deadbeef", 16))));

    public bool Listens { get; private init; } = true;

    public bool Accepts { get; private init; } = true;

    public bool Hangs { get; private init; }

    public bool Closes { get; private init; }

    /// <summary>Whether it forwards.</summary>
    public bool NeedsUpstream => Listens && Accepts && !Hangs && !Closes && Answer is null;

    /// <summary>What is answered, whatever the request; null where the upstream answers.</summary>
    public ReadOnlyMemory<byte>? Answer { get; private init; }

    /// <summary>After how many bytes of the answer the connection is cut; null for never.</summary>
    public int? CutAfter { get; private init; }

    /// <summary>The pause after each byte of the answer; null where they come all at once.</summary>
    public TimeSpan? DripInterval { get; private init; }

    /// <summary>The clock of <see cref="DripInterval"/>.</summary>
    public TimeProvider Time { get; private init; } = TimeProvider.System;

    /// <summary>Answers each request with the same bytes.</summary>
    public static FaultMode Answering(ReadOnlyMemory<byte> answer) => new(nameof(Answering)) { Answer = answer };

    /// <summary>
    /// Forwards, and closes each connection after so many bytes of the upstream's answers, counted from when the mode was set
    /// or the connection made, whichever is later.
    /// </summary>
    public static FaultMode CutMidAnswer(int afterBytes) => new($"{nameof(CutMidAnswer)}({afterBytes})") { CutAfter = afterBytes };

    /// <summary>Forwards, the answers byte by byte with a pause after each.</summary>
    public static FaultMode SlowDrip(TimeSpan interval, TimeProvider? time = null) =>
        new($"{nameof(SlowDrip)}({interval})") { DripInterval = interval, Time = time ?? TimeProvider.System };

    public override string ToString() => _name;
}
