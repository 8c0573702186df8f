using System.CommandLine;

namespace CloudTicks.Cli.Completing;

/// <summary><c>cloudticks completion</c>: prints a script with which a shell completes our commands by calling this program.</summary>
internal static class CompletionCommand
{
    private const string SuggestDirective = "[suggest";

    private const string Description = """
        Print a completion script for your shell.

        Completes symbols, lists, services, fields and flags of the system that the command line addresses. These names are read from
        the system's central hub, or, if the hub does not answer within half a second, from the last good documents on disk.

          bash:  source <(cloudticks completion bash)                  in ~/.bashrc
          zsh:   source <(cloudticks completion zsh)                   in ~/.zshrc, after compinit
          fish:  cloudticks completion fish | source                   in ~/.config/fish/config.fish
        """;

    // Bash splits words at ':' and '=', and expects only the part after the last one.
    private const string Bash = """
        _cloudticks_complete() {
            local word line="${COMP_LINE:0:COMP_POINT}"
            local current="${line##*[[:space:]]}"
            local split="${current%"${current##*[:=]}"}"
            COMPREPLY=()
            while IFS= read -r word; do
                if [[ -n $word && $word == "$current"* ]]; then COMPREPLY+=("${word#"$split"}"); fi
            done < <("${COMP_WORDS[0]}" "[suggest:${#line}]" "$line" 2>/dev/null)
        }
        complete -o default -F _cloudticks_complete cloudticks
        """;

    private const string Zsh = """
        _cloudticks_complete() {
            local line="${(j: :)words[1,CURRENT]}"
            local -a suggestions
            suggestions=("${(@f)$("${words[1]}" "[suggest:${#line}]" "$line" 2>/dev/null)}")
            compadd -- "${(@)suggestions:#}"
        }
        compdef _cloudticks_complete cloudticks
        """;

    private const string Fish = """
        function __cloudticks_complete
            set -l line (commandline --current-process --cut-at-cursor | string collect)
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

    /// <summary>The documents of the system that a command line addresses.</summary>
    public static KnownDocuments DocumentsOf(ParseResult line) => new(line, TimeProvider.System);

    /// <summary>Whether a shell requests completions.</summary>
    public static bool IsRequestedBy(string[] args) => args.Length > 0 && args[0].StartsWith(SuggestDirective, StringComparison.Ordinal);
}
