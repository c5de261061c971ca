using System.CommandLine;

namespace Granary.Cli.Commands;

/// <summary><c>granary completion SHELL</c>: what a shell needs so that Tab completes commands and options.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        # For ~/.bashrc: source <(granary completion bash)
        _granary() {
          local IFS=$'\n'
          COMPREPLY=($(compgen -W "$(granary "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2> /dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _granary granary
        """;

    private const string Zsh = """
        # For ~/.zshrc: source <(granary completion zsh)
        _granary() {
          local -a found
          found=("${(@f)$(granary "[suggest:${CURSOR}]" "${BUFFER}" 2> /dev/null)}")
          compadd -- "${found[@]}"
        }
        compdef _granary granary
        """;

    private const string Fish = """
        # For ~/.config/fish/completions/granary.fish
        complete -c granary -a '(granary "[suggest:"(commandline -C)"]" (commandline -p) 2> /dev/null)'
        """;

    private const string PowerShell = """
        # For $PROFILE: granary completion powershell | Out-String | Invoke-Expression
        Register-ArgumentCompleter -Native -CommandName granary -ScriptBlock {
          param($word, $line, $position)
          granary "[suggest:$position]" "$line" 2> $null | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
        }
        """;

    public static Command Of(GranaryCommand granary)
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh, fish or powershell" };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish", "powershell");
        var command = new Command("completion", "A script that has a shell complete commands and options") { shell };
        granary.Does(command, calling =>
        {
            calling.Out.WriteLine(calling.Asked.GetValue(shell) switch { "bash" => Bash, "zsh" => Zsh, "fish" => Fish, _ => PowerShell });
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }
}
