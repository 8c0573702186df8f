using System.CommandLine;

namespace CloudTicks.Cli.Usage;

/// <summary><c>cloudticks --help</c>: one line per command, in groups; details are in each command's help.</summary>
internal static class RootHelp
{
    private static readonly (string Title, string[] Commands)[] Groups =
    [
        ("Run", ["up", "down", "status", "logs", "open", "stream"]),
        ("Read ticks", ["watch", "tail", "sql", "export", "replay", "decode"]),
        ("Configure", ["symbols", "config", "rollout", "services", "keys"]),
        ("Operate", ["verify", "lake", "backfill", "retention"]),
    ];

    /// <summary>Whether the arguments request this help.</summary>
    public static bool IsRequested(IReadOnlyList<string> args) => args is ["--help" or "-h" or "-?" or "/?" or "/h"];

    public static void Write(RootCommand root, TextWriter output)
    {
        output.WriteLine(root.Description);
        output.WriteLine();
        output.WriteLine("  cloudticks COMMAND [options]     cloudticks COMMAND --help explains a command");
        var listed = Groups.SelectMany(group => group.Commands).ToHashSet(StringComparer.Ordinal);
        string[] others = [.. root.Subcommands.Where(command => !command.Hidden && !listed.Contains(command.Name)).Select(one => one.Name)];
        foreach (var (title, names) in Groups.Append(("Other", others)))
        {
            Command[] commands = [.. names.SelectMany(name => root.Subcommands.Where(command => command.Name == name))];
            if (commands.Length == 0)
            {
                continue;
            }

            output.WriteLine();
            output.WriteLine($"{title}:");
            foreach (var command in commands)
            {
                output.WriteLine($"  {command.Name,-12} {FirstSentence(command.Description ?? "")}");
            }
        }

        output.WriteLine("""

            Examples:
              cloudticks watch --symbols EURUSD XAUUSD
              cloudticks symbols add EURAUD --dry-run
              cloudticks verify
            """);
    }

    /// <summary>The description up to the first colon or full stop, on one line.</summary>
    private static string FirstSentence(string description)
    {
        var paragraph = description.Split("\n\n", 2)[0].ReplaceLineEndings(" ");
        var end = paragraph.IndexOfAny(['.', ':']);
        while (end >= 0 && end + 1 < paragraph.Length && paragraph[end + 1] != ' ')
        {
            end = paragraph.IndexOfAny(['.', ':'], end + 1);
        }

        return end < 0 ? paragraph : paragraph[..end];
    }
}
