using System.Text;
using System.Text.RegularExpressions;

namespace AppHost.Tests.Documents;

/// <summary>A fenced block of a page.</summary>
/// <param name="Line">The number of its first line in the page.</param>
/// <param name="Language">
/// The fence's language: <c>sh</c> for commands, <c>console</c> for commands (<c>$ ...</c>) with their output, or another for a block
/// without commands.
/// </param>
/// <param name="Text">The block's lines.</param>
/// <param name="DocumentedOutput">The following block, with the output of the last command; null if there is none.</param>
internal sealed partial record Block(int Line, string Language, string Text, (string Language, string Text)? DocumentedOutput)
{
    /// <summary>The commands, without comments; a command may span several lines.</summary>
    public IReadOnlyList<Command> Commands => Language switch
    {
        "sh" => [.. ShellCommands()],
        "console" => [.. Text.Split("\n$ ").Select(part => part.TrimStart('$', ' ').Split('\n', 2))
            .Select(parts => new Command(parts[0], ("text", parts[1])))],
        _ => [],
    };

    private IEnumerable<Command> ShellCommands()
    {
        var commands = Split();
        return commands.Select((text, index) => new Command(text, index == commands.Count - 1 ? DocumentedOutput : null));
    }

    /// <summary>Splits the text at line ends that are neither quoted, nor escaped, nor part of a here document.</summary>
    private List<string> Split()
    {
        var (commands, command, quote, depth) = (new List<string>(), new StringBuilder(), '\0', 0);
        var text = Text;
        for (var index = 0; index < text.Length; index++)
        {
            var letter = text[index];
            if (quote == '\0' && letter == '#' && (command.Length == 0 || command[^1] is ' ' or '\n'))
            {
                index = text.IndexOf('\n', index) - 1;
            }
            else if (letter == '\\' && quote != '\'' && index + 1 < text.Length)
            {
                command.Append(letter).Append(text[++index]);
            }
            else if (quote == '\0' && depth == 0 && letter == '\n')
            {
                if (HereDocument().Match(command.ToString()) is { Success: true } here)
                {
                    var end = $"\n{here.Groups["end"].Value}\n";
                    var until = text.IndexOf(end, index, StringComparison.Ordinal) + end.Length - 1;
                    command.Append(text, index, until - index);
                    index = until;
                }

                Add();
            }
            else
            {
                quote = quote == letter ? '\0' : quote == '\0' && letter is '\'' or '"' ? letter : quote;
                depth += quote != '\0' ? 0 : letter is '(' ? 1 : letter is ')' ? -1 : 0;
                command.Append(letter);
            }
        }

        Add();
        return commands;

        void Add()
        {
            if (command.ToString().Trim() is { Length: > 0 } text)
            {
                commands.Add(text);
            }

            command.Clear();
        }
    }

    [GeneratedRegex(@"<<'(?<end>\w+)'")]
    private static partial Regex HereDocument();
}
