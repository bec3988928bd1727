using System.Globalization;
using System.Text.RegularExpressions;

namespace Caluma.Healthz.Tests.Infra;

/// <summary>
/// Evaluates the expressions that the compiler leaves for Azure: <c>[format('{0}/x', reference(…).outputs.id.value)]</c>. It knows the
/// functions that the files in infra/ use.
/// </summary>
internal sealed partial class ArmExpression
{
    private readonly Func<string, string, string> _output;
    private readonly string[] _tokens;
    private int _position;

    private ArmExpression(string expression, Func<string, string, string> output)
    {
        _output = output;
        _tokens = [.. Token().Matches(expression).Select(match => match.Value)];
    }

    /// <summary>Evaluates a value. Other values, and expressions with other functions, are returned unchanged.</summary>
    /// <param name="value">The value.</param>
    /// <param name="output">The output of a module, by module and name.</param>
    public static string Evaluate(string value, Func<string, string, string> output)
    {
        if (value is not ['[', not '[', .., ']'])
        {
            return value;
        }

        try
        {
            var expression = new ArmExpression(value[1..^1], output);
            var evaluated = expression.Expression();
            return evaluated is string text && expression._position == expression._tokens.Length ? text : value;
        }
        catch (NotSupportedException)
        {
            return value;
        }
    }

    private object Expression()
    {
        var token = Next();
        var value = token switch
        {
            ['\'', ..] => token[1..^1].Replace("''", "'", StringComparison.Ordinal),
            _ when int.TryParse(token, CultureInfo.InvariantCulture, out var number) => number,
            _ => Call(token, [.. Arguments()]),
        };
        while (Peek() == ".")
        {
            Next();
            value = Property(value, Next());
        }

        return value;
    }

    private IEnumerable<object> Arguments()
    {
        Expect("(");
        while (Peek() != ")")
        {
            yield return Expression();
            if (Peek() == ",")
            {
                Next();
            }
        }

        Expect(")");
    }

    private static object Call(string function, IReadOnlyList<object> arguments) => (function, arguments) switch
    {
        ("format", [string format, ..]) => string.Format(CultureInfo.InvariantCulture, format, [.. arguments.Skip(1)]),
        ("replace", [string text, string old, string replacement]) => text.Replace(old, replacement, StringComparison.Ordinal),
        ("resourceId", _) => string.Join('/', arguments),
        ("uniqueString", _) => "unique",
        ("deployment", []) or ("environment", []) => function,
        ("reference", [string id, ..]) => new Reference(id.Split('/')[^1].Split('-')[0]),
        _ => throw new NotSupportedException(function),
    };

    private object Property(object value, string name) => (value, name) switch
    {
        ("deployment", "name") => "main",
        ("environment", "suffixes") => "suffixes",
        ("suffixes", "storage") => "core.windows.net",
        ("suffixes", "keyvaultDns") => ".vault.azure.net",
        (Reference, "outputs") => value,
        (Reference module, _) => _output(module.Module, name),
        (string, "value") => value,
        _ => throw new NotSupportedException(name),
    };

    private string Next() => _position < _tokens.Length ? _tokens[_position++] : throw new NotSupportedException("the end");

    private string? Peek() => _tokens.ElementAtOrDefault(_position);

    private void Expect(string token)
    {
        if (Next() != token)
        {
            throw new NotSupportedException(token);
        }
    }

    [GeneratedRegex(@"'(?:[^']|'')*'|\w+|[^\s\w]")]
    private static partial Regex Token();

    private sealed record Reference(string Module);
}
