using CloudTicks.Lake.Sql;

namespace CloudTicks.Cli.Sql;

/// <summary>
/// Reads and runs queries in a loop. Ctrl-C cancels the running query, or discards the query being typed; Ctrl-D ends the prompt.
/// </summary>
internal sealed class SqlPrompt(LakeSession session, TextWriter notes)
{
    private const string FirstPrompt = "sql> ";
    private const string ContinuationPrompt = "...> ";

    private readonly QueryHistory _history = new(QueryHistory.UserFile());

    /// <param name="run">Runs a query and writes its result.</param>
    public int Run(Action<string> run)
    {
        notes.WriteLine("End each query with ';'. Ctrl-C cancels a query, Ctrl-D ends the prompt. Views: ticks, quotes, trades, gaps.");
        var query = "";
        while (ReadLine(query.Length == 0 ? FirstPrompt : ContinuationPrompt) is { } line)
        {
            query = line.Text is null ? "" : query.Length == 0 ? line.Text : $"{query}\n{line.Text}";
            if (query.TrimEnd() is not [.., ';'] complete)
            {
                continue;
            }

            _history.Add(complete);
            RunInterruptibly(() => run(complete));
            query = "";
        }

        return ExitCodes.Done;
    }

    /// <summary>Runs a query; Ctrl-C cancels the query, not the program.</summary>
    private void RunInterruptibly(Action run)
    {
        ConsoleCancelEventHandler stop = (_, pressed) =>
        {
            pressed.Cancel = true;
            session.Interrupt();
        };
        Console.CancelKeyPress += stop;
        try
        {
            run();
        }
        finally
        {
            Console.CancelKeyPress -= stop;
        }
    }

    /// <returns>The typed line, whose text is null after Ctrl-C; null at the end of the input.</returns>
    private Line? ReadLine(string prompt)
    {
        var editor = new LineEditor(_history.Queries);
        Console.TreatControlCAsInput = true;
        try
        {
            while (true)
            {
                Draw(prompt, editor);
                var key = Console.ReadKey(intercept: true);
                if (key is { Key: ConsoleKey.C, Modifiers: ConsoleModifiers.Control })
                {
                    Console.WriteLine("^C");
                    return new Line(null);
                }

                if (key is { Key: ConsoleKey.D, Modifiers: ConsoleModifiers.Control } && editor.Text.Length == 0)
                {
                    Console.WriteLine();
                    return null;
                }

                if (editor.Press(key))
                {
                    Console.WriteLine();
                    return new Line(editor.Text);
                }
            }
        }
        finally
        {
            Console.TreatControlCAsInput = false;
        }
    }

    /// <summary>Draws the line in one row of the terminal. If it does not fit, only a part that contains the cursor is shown.</summary>
    private static void Draw(string prompt, LineEditor editor)
    {
        var room = Math.Max(8, Console.WindowWidth - prompt.Length - 1);
        var from = Math.Max(0, editor.Position - room + 1);
        var shown = editor.Text[from..Math.Min(editor.Text.Length, from + room)];
        Console.Write($"\r\e[K{prompt}{shown}\r\e[{prompt.Length + editor.Position - from}C");
    }

    private sealed record Line(string? Text);
}
