namespace Caluma.Healthz.Servers;

/// <summary>How a <see cref="FaultServer"/> behaves.</summary>
internal sealed class FaultMode
{
    private readonly string _name;

    private FaultMode(string name) => _name = name;

    /// <summary>Forwards everything, both ways. Needs an upstream.</summary>
    public static FaultMode Proxy { get; } = new(nameof(Proxy));

    /// <summary>Refuses connections, and resets open ones.</summary>
    public static FaultMode Refused { get; } = new(nameof(Refused)) { Listens = false, Accepts = false };

    /// <summary>
    /// Connection attempts get no answer, as behind a firewall that drops packets; open connections hang. After the mode has changed,
    /// waiting clients get through when the kernel tries again (a second later).
    /// </summary>
    public static FaultMode BlackHole { get; } = new(nameof(BlackHole)) { Accepts = false, Hangs = true };

    /// <summary>
    /// Accepts connections, reads, and answers nothing. After the mode has changed it forwards what it has read, like a stopped process
    /// that continues.
    /// </summary>
    public static FaultMode AcceptsAndNeverAnswers { get; } = new(nameof(AcceptsAndNeverAnswers)) { Hangs = true };

    /// <summary>
    /// Accepts connections and closes them at once, like a load balancer without a backend; open ones are closed at their next byte.
    /// </summary>
    public static FaultMode ClosesAtOnce { get; } = new(nameof(ClosesAtOnce)) { Closes = true };

    /// <summary>Answers each request with bytes that are valid in none of the protocols.</summary>
    public static FaultMode GarbageBytes { get; } = Answering(Convert.FromHexString(string.Concat(Enumerable.Repeat("deadbeef", 16))));

    public bool Listens { get; private init; } = true;

    public bool Accepts { get; private init; } = true;

    public bool Hangs { get; private init; }

    public bool Closes { get; private init; }

    /// <summary>Whether it forwards.</summary>
    public bool NeedsUpstream => Listens && Accepts && !Hangs && !Closes && Answer is null;

    /// <summary>The answer to any request; null where the upstream answers.</summary>
    public ReadOnlyMemory<byte>? Answer { get; private init; }

    /// <summary>The number of bytes of the answer after which the connection is cut; null for never.</summary>
    public int? CutAfter { get; private init; }

    /// <summary>The pause after each byte of the answer; null for none.</summary>
    public TimeSpan? DripInterval { get; private init; }

    /// <summary>The clock of <see cref="DripInterval"/>.</summary>
    public TimeProvider Time { get; private init; } = TimeProvider.System;

    /// <summary>Answers each request with the same bytes.</summary>
    public static FaultMode Answering(ReadOnlyMemory<byte> answer) => new(nameof(Answering)) { Answer = answer };

    /// <summary>
    /// Forwards, and closes each connection after a number of bytes of the upstream's answers, counted from the change of mode or the start
    /// of the connection.
    /// </summary>
    public static FaultMode CutMidAnswer(int afterBytes) => new($"{nameof(CutMidAnswer)}({afterBytes})") { CutAfter = afterBytes };

    /// <summary>Forwards the answers byte by byte, with a pause after each.</summary>
    public static FaultMode SlowDrip(TimeSpan interval, TimeProvider? time = null) =>
        new($"{nameof(SlowDrip)}({interval})") { DripInterval = interval, Time = time ?? TimeProvider.System };

    public override string ToString() => _name;
}
