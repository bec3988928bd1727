using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Caluma.Healthz.Server.Commands;

/// <summary>Makes the options that several commands have, and their errors, which say what a value must be.</summary>
internal static class CommandOptions
{
    /// <summary>An option that takes one of a few values.</summary>
    /// <param name="name">The name, such as <c>--format</c>.</param>
    /// <param name="description">The text of the help.</param>
    /// <param name="choices">The values, the first of which is the default.</param>
    public static Option<string> OneOf(string name, string description, params IReadOnlyList<string> choices)
    {
        var option = new Option<string>(name)
        {
            Description = $"{description}: {Choice.Of(choices)}",
            DefaultValueFactory = _ => choices[0],
        };
        option.CompletionSources.Add([.. choices]);
        option.Validators.Add(RequireOneOf(name, choices));
        return option;
    }

    /// <summary>A validator for a symbol that takes one of a few values.</summary>
    public static Action<SymbolResult> RequireOneOf(string name, IReadOnlyList<string> choices) => result =>
    {
        if (result.Tokens is [var token] && !choices.Contains(token.Value))
        {
            result.AddError($"{name} must be {Choice.Of(choices)}.");
        }
    };

    /// <summary>Lets an option take whole numbers from 1 on. Without it GetValue throws for a text that is no number.</summary>
    /// <param name="option">The option.</param>
    /// <param name="what">What its value is, such as a whole number of seconds.</param>
    /// <param name="max">The largest number.</param>
    public static void RequireNumber(Option option, string what, int max) => option.Validators.Add(result =>
    {
        if (result.Tokens is [var token]
            && (!int.TryParse(token.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1 || number > max))
        {
            result.AddError($"{option.Name} must be {what} from 1 to {max}.");
        }
    });

    /// <summary>The repeatable option <c>--check</c>.</summary>
    public static Option<string[]> Checks(string description)
    {
        string[] tokens = [.. CheckNames.All.Select(check => check.Token())];
        var option = new Option<string[]>("--check")
        {
            Description = $"{description}; repeatable: {string.Join(", ", tokens)}",
            HelpName = "check",
        };
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
