using System.CommandLine;

namespace Caluma.Healthz.Server.Commands;

/// <summary>Makes an option that takes one of a few values and lists them in its error.</summary>
internal static class ChoiceOption
{
    /// <param name="name">The name, such as <c>--format</c>.</param>
    /// <param name="description">The text of the help.</param>
    /// <param name="choices">The values, the first of which is the default.</param>
    public static Option<string> Create(string name, string description, params IReadOnlyList<string> choices)
    {
        var option = new Option<string>(name)
        {
            Description = $"{description}: {Choice.Of(choices)}",
            DefaultValueFactory = _ => choices[0],
        };
        option.CompletionSources.Add([.. choices]);
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !choices.Contains(token.Value))
            {
                result.AddError($"{name} must be {Choice.Of(choices)}.");
            }
        });
        return option;
    }

    /// <summary>The repeatable option <c>--check</c>.</summary>
    public static Option<string[]> Checks(string description)
    {
        string[] tokens = [.. CheckNames.All.Select(check => check.Token())];
        var option = new Option<string[]>("--check") { Description = $"{description}; repeatable: {string.Join(", ", tokens)}" };
        option.CompletionSources.Add(tokens);
        option.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => CheckNames.Find(token.Value) is null))
            {
                var meant = Choice.Nearest(token.Value, tokens) is { } nearest ? $" Did you mean {nearest}?" : "";
                result.AddError($"No check named \"{token.Value}\".{meant} Choose one: {string.Join(", ", tokens)}.");
            }
        });
        return option;
    }
}
