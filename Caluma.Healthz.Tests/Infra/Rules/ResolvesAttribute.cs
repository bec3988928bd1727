namespace Caluma.Healthz.Tests.Infra.Rules;

/// <summary>
/// Says which rules a test has seen resolve, or which queries show no more what is over, upon output of the product.
/// <see cref="RuleTable"/> makes a table of it.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ResolvesAttribute(params string[] rules) : Attribute
{
    public IReadOnlyList<string> Rules { get; } = rules;
}
