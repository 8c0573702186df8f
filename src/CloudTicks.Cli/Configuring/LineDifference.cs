using CloudTicks.Cli.Hub;

namespace CloudTicks.Cli.Configuring;

/// <summary>Shows the differing lines of two texts, found by their longest common subsequence, with a few lines of context.</summary>
internal static class LineDifference
{
    private const int ContextLines = 3;

    /// <summary>
    /// The maximum number of compared pairs of lines. In longer texts, all lines between the common prefix and suffix count as changed.
    /// </summary>
    private const int MaxPairs = 4_000_000;

    public static void Show(string before, string after, HubConsole console)
    {
        var lines = Of(before.Split('\n'), after.Split('\n'));
        var lastShown = -1;
        for (var index = 0; index < lines.Count; index++)
        {
            if (!Enumerable.Range(index - ContextLines, (2 * ContextLines) + 1)
                .Any(near => near >= 0 && near < lines.Count && lines[near].Mark != ' '))
            {
                continue;
            }

            if (lastShown != index - 1)
            {
                console.Heading("...");
            }

            lastShown = index;
            Write(lines[index], console);
        }
    }

    public static IReadOnlyList<(char Mark, string Text)> Of(string[] before, string[] after)
    {
        var (start, end) = (0, 0);
        while (start < before.Length && start < after.Length && before[start] == after[start])
        {
            start++;
        }

        while (end < before.Length - start && end < after.Length - start && before[^(end + 1)] == after[^(end + 1)])
        {
            end++;
        }

        return
        [
            .. before[..start].Select(line => (' ', line)),
            .. Between(before[start..^end], after[start..^end]),
            .. before[^end..].Select(line => (' ', line)),
        ];
    }

    private static List<(char Mark, string Text)> Between(string[] before, string[] after)
    {
        var lines = new List<(char, string)>();
        var (old, @new) = (0, 0);
        if ((long)before.Length * after.Length <= MaxPairs)
        {
            var common = CommonLengths(before, after);
            while (old < before.Length && @new < after.Length)
            {
                if (before[old] == after[@new])
                {
                    lines.Add((' ', before[old++]));
                    @new++;
                }
                else if (common[old + 1, @new] >= common[old, @new + 1])
                {
                    lines.Add(('-', before[old++]));
                }
                else
                {
                    lines.Add(('+', after[@new++]));
                }
            }
        }

        lines.AddRange(before[old..].Select(line => ('-', line)));
        lines.AddRange(after[@new..].Select(line => ('+', line)));
        return lines;
    }

    /// <summary>For each pair of positions, the length of the longest common subsequence of the remaining lines.</summary>
    private static int[,] CommonLengths(string[] before, string[] after)
    {
        var common = new int[before.Length + 1, after.Length + 1];
        for (var old = before.Length - 1; old >= 0; old--)
        {
            for (var @new = after.Length - 1; @new >= 0; @new--)
            {
                common[old, @new] = before[old] == after[@new]
                    ? common[old + 1, @new + 1] + 1
                    : Math.Max(common[old + 1, @new], common[old, @new + 1]);
            }
        }

        return common;
    }

    private static void Write((char Mark, string Text) line, HubConsole console)
    {
        switch (line.Mark)
        {
            case '+':
                console.Added(line.Text);
                break;
            case '-':
                console.Removed(line.Text);
                break;
            default:
                console.Line($"  {line.Text}");
                break;
        }
    }
}
