using System.Diagnostics.CodeAnalysis;
using System.Web;

namespace Caluma.Healthz.Http;

/// <summary><c>?check=</c> and <c>?skip=</c>, repeatable, with django-watchman's meaning.</summary>
/// <param name="Only">The wanted checks; null where the query names none. Unknown names are ignored.</param>
/// <param name="Skipped">The checks left out.</param>
internal sealed record CheckFilter(CheckSet? Only, CheckSet Skipped)
{
    private const int MaxLength = 2048;
    private const int MaxValues = 32;

    private static readonly CheckFilter _none = new(Only: null, Skipped: default);

    public static CheckFilter? Parse(string query, out string problem)
    {
        if (query.Length == 0)
        {
            problem = "";
            return _none;
        }

        if (query.Length > MaxLength)
        {
            problem = $"The query must have at most {MaxLength} characters";
            return null;
        }

        var values = HttpUtility.ParseQueryString(query);
        if (Enumerable.Range(0, values.Count).Sum(index => values.GetValues(index)?.Length ?? 0) > MaxValues)
        {
            problem = $"The query must have at most {MaxValues} values";
            return null;
        }

        problem = "";
        return new CheckFilter(Find(values.GetValues("check")), Find(values.GetValues("skip")) ?? default);
    }

    public CheckSet Apply(CheckSet configured) => (Only is { } only ? configured.Intersect(only) : configured).Except(Skipped);

    [return: NotNullIfNotNull(nameof(names))]
    private static CheckSet? Find(string[]? names) => names is null ? null : CheckSet.Named(names);
}
