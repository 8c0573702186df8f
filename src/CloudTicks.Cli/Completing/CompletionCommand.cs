using System.CommandLine;

namespace CloudTicks.Cli.Completing;

/// <summary><c>cloudticks completion</c>: prints what makes a shell complete our commands, which it asks of this very program.</summary>
internal static class CompletionCommand
{
    private const string SuggestDirective = "[suggest";

    private const string Description = """
        Print what makes your shell complete the commands of cloudticks.

          bash:  source <(cloudticks completion bash)                  in ~/.bashrc
          zsh:   source <(cloudticks completion zsh)                   in ~/.zshrc, behind compinit
          fish:  cloudticks completion fish | source                   in ~/.config/fish/config.fish
        """;

    private const string Bash = """
        _cloudticks_complete() {
            local IFS=$'\n' words
            words=$("${COMP_WORDS[0]}" "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)
            COMPREPLY=($(compgen -W "${words}" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _cloudticks_complete cloudticks
        """;

    private const string Zsh = """
        _cloudticks_complete() {
            local -a suggestions
            suggestions=("${(@f)$("${words[1]}" "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
            compadd -- "${suggestions[@]}"
        }
        compdef _cloudticks_complete cloudticks
        """;

    private const string Fish = """
        function __cloudticks_complete
            set -l line (commandline --cut-at-cursor)
            cloudticks "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
        end
        complete --command cloudticks --no-files --arguments '(__cloudticks_complete)'
        """;

    private static readonly Argument<string> Shell =
        new Argument<string>("shell") { Description = "bash, zsh or fish" }.AcceptOnlyFromAmong("bash", "zsh", "fish");

    public static Command Create()
    {
        var command = new Command("completion", Description) { Shell };
        command.SetAction(result =>
        {
            Console.Out.WriteLine(result.GetValue(Shell) switch
            {
                "bash" => Bash,
                "zsh" => Zsh,
                _ => Fish,
            });
            return ExitCodes.Done;
        });
        return command;
    }

    /// <summary>Whether a shell asks what may follow.</summary>
    public static bool IsAskedBy(string[] args) => args.Length > 0 && args[0].StartsWith(SuggestDirective, StringComparison.Ordinal);
}
