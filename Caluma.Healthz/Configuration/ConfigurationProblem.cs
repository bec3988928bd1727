namespace Caluma.Healthz.Configuration;

/// <summary>Something wrong with a setting, in words that never hold the value of a secret.</summary>
/// <param name="Setting">The setting as one writes it in the environment, such as <c>Healthz__Timeout</c>.</param>
/// <param name="Problem">What is wrong.</param>
/// <param name="Expected">What to write instead.</param>
public sealed record ConfigurationProblem(string Setting, string Problem, string Expected)
{
    /// <summary>One line for people.</summary>
    public override string ToString() =>
        Problem.EndsWith('?') ? $"{Setting} {Problem} Expected {Expected}" : $"{Setting} {Problem}; expected {Expected}";
}
