namespace Caluma.Healthz;

/// <summary>A set of checks, compared by value.</summary>
internal readonly record struct CheckSet
{
    private readonly int _bits;

    private CheckSet(int bits) => _bits = bits;

    /// <summary>All five checks.</summary>
    public static CheckSet All { get; } = Of(CheckNames.All);

    /// <summary>The three checks of a database.</summary>
    public static CheckSet OfDatabase { get; } = Of(Check.Databases, Check.DatabaseMigrations, Check.DatabaseModels);

    /// <summary>Whether no check is in the set.</summary>
    public bool IsEmpty => _bits == 0;

    /// <summary>The set of the given checks.</summary>
    public static CheckSet Of(IEnumerable<Check> checks) => new(checks.Aggregate(0, (bits, check) => bits | Bit(check)));

    /// <summary>The set of the checks of the given names (see <see cref="CheckNames.Find"/>); unknown names are ignored.</summary>
    public static CheckSet Named(IEnumerable<string> names) => Of(names.Select(CheckNames.Find).OfType<Check>());

    /// <inheritdoc cref="Of(IEnumerable{Check})"/>
    public static CheckSet Of(params ReadOnlySpan<Check> checks) => Of(checks.ToArray().AsEnumerable());

    /// <summary>Whether <paramref name="check"/> is in the set.</summary>
    public bool Contains(Check check) => (_bits & Bit(check)) != 0;

    /// <summary>Whether all of <paramref name="other"/> is in the set.</summary>
    public bool Includes(CheckSet other) => (_bits & other._bits) == other._bits;

    /// <summary>The checks of the set, in the order of the report.</summary>
    public IEnumerable<Check> Members => CheckNames.All.Where(Contains);

    /// <summary>The checks that are in either set.</summary>
    public CheckSet Union(CheckSet other) => new(_bits | other._bits);

    /// <summary>The checks that are in both sets.</summary>
    public CheckSet Intersect(CheckSet other) => new(_bits & other._bits);

    /// <summary>The checks that are in this set and not in <paramref name="other"/>.</summary>
    public CheckSet Except(CheckSet other) => new(_bits & ~other._bits);

    private static int Bit(Check check) => 1 << (int)check;
}
