using System.CommandLine;

namespace Caluma.Healthz.Server.Commands;

/// <summary>
/// <c>completion</c>: prints a script with which a shell completes command lines. The script calls this program with the directive
/// <c>[suggest:POSITION]</c> of System.CommandLine (https://learn.microsoft.com/dotnet/standard/commandline/how-to-enable-tab-completion).
/// </summary>
internal static class CompletionCommand
{
    private const string Bash =
        """
        _caluma_healthz() {
          local line=${COMP_LINE:0:COMP_POINT} word=${COMP_WORDS[COMP_CWORD]}
          line=${line#*[[:space:]]}
          local IFS=$'\n'
          COMPREPLY=($(compgen -W "$(caluma-healthz "[suggest:${#line}]" "$line" 2>/dev/null)" -- "$word"))
        }
        complete -F _caluma_healthz caluma-healthz

        """;

    private const string Zsh =
        """
        #compdef caluma-healthz
        _caluma_healthz() {
          local line="${(j: :)words[2,CURRENT]}"
          local -a found=("${(@f)$(caluma-healthz "[suggest:${#line}]" "$line" 2>/dev/null)}")
          compadd -a found
        }
        compdef _caluma_healthz caluma-healthz

        """;

    private const string Pwsh =
        """
        Register-ArgumentCompleter -Native -CommandName caluma-healthz -ScriptBlock {
          param($word, $ast, $position)
          $line = "$ast".PadRight($position).Substring(0, $position) -replace '^\S+\s', ''
          caluma-healthz "[suggest:$($line.Length)]" $line 2>$null |
            Where-Object { $_ -like "$word*" } |
            ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
        }

        """;

    private static readonly Dictionary<string, string> _scripts = new(StringComparer.Ordinal)
    {
        ["bash"] = Bash,
        ["zsh"] = Zsh,
        ["pwsh"] = Pwsh,
    };

    public static Command Create()
    {
        var shells = _scripts.Keys.ToList();
        var shell = new Argument<string>("shell") { Description = $"Which shell: {Choice.Of(shells)}" };
        shell.CompletionSources.Add([.. shells]);
        shell.Validators.Add(CommandOptions.RequireOneOf("The shell", shells));
        var command = new Command("completion", "Print a script that completes command lines in your shell.") { shell };
        command.SetAction(parsed => parsed.InvocationConfiguration.Output.Write(_scripts[parsed.GetValue(shell)!]));
        return command;
    }
}
