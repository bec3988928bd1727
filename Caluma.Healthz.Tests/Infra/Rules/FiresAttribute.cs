namespace Caluma.Healthz.Tests.Infra.Rules;

/// <summary>
/// Says which rules a test has seen fire, or which queries show something, upon output of the product. <see cref="RuleTable"/> makes a
/// table of it.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FiresAttribute(params string[] rules) : Attribute
{
    public IReadOnlyList<string> Rules { get; } = rules;
}
