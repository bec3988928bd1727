namespace Caluma.Healthz.Configuration;

/// <summary>A problem with a setting. Its text never holds the value of a secret.</summary>
/// <param name="Setting">The setting as an environment variable, such as <c>Healthz__Timeout</c>.</param>
/// <param name="Problem">What is wrong.</param>
/// <param name="Expected">What the setting must be.</param>
public sealed record ConfigurationProblem(string Setting, string Problem, string Expected)
{
    /// <summary>One line for people.</summary>
    public override string ToString() =>
        Problem.EndsWith('?') ? $"{Setting} {Problem} Expected {Expected}" : $"{Setting} {Problem}; expected {Expected}";
}
