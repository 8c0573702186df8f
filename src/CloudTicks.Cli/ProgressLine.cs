namespace CloudTicks.Cli;

/// <summary>Shows progress on standard error: one updated line on a terminal, otherwise a new line every ten seconds.</summary>
internal static class ProgressLine
{
    private const string Erase = "\r\e[2K";

    private static readonly TimeSpan TerminalInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(10);

    public static bool IsTerminal =>
        !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");

    /// <summary>Shows the line and updates it until cancelled.</summary>
    public static async Task ShowAsync(
        Func<string> line, TextWriter errors, bool isTerminal, TimeProvider time, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(isTerminal ? TerminalInterval : PlainInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                errors.Write(isTerminal ? $"{Erase}{Cut(line())}" : $"{line()}\n");
            }
        }
        catch (OperationCanceledException)
        {
            if (isTerminal)
            {
                errors.Write(Erase);
            }
        }
    }

    private static string Cut(string line) => Console.WindowWidth is > 1 and var width && line.Length >= width ? line[..(width - 1)] : line;
}
