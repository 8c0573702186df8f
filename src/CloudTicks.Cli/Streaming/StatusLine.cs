using System.Globalization;

namespace CloudTicks.Cli.Streaming;

/// <summary>A status line at the bottom of the terminal. A scroll region keeps the log above it.</summary>
internal sealed class StatusLine : IDisposable
{
    private const string SaveCursor = "\e7";
    private const string RestoreCursor = "\e8";
    private const string WholeScreen = "\e[r";
    private const string Clear = "\e[2K";

    private int _rows;

    public static bool IsSupported =>
        !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") is { Length: > 0 } terminal && terminal != "dumb"
            && Console.WindowHeight > 3;

    public void Show(string text)
    {
        var (rows, width) = (Console.WindowHeight, Console.WindowWidth);
        var region = "";
        if (rows != _rows)
        {
            _rows = rows;
            // Scroll first, in case the cursor is in the last row.
            region = string.Create(CultureInfo.InvariantCulture, $"\n{SaveCursor}\e[1;{rows - 1}r{RestoreCursor}\e[1A");
        }

        var shown = text.Length < width ? text : text[..(width - 1)];
        Console.Out.Write(string.Create(CultureInfo.InvariantCulture, $"{region}{SaveCursor}\e[{rows};1H{Clear}{shown}{RestoreCursor}"));
    }

    public void Dispose()
    {
        if (_rows > 0)
        {
            Console.Out.Write(string.Create(CultureInfo.InvariantCulture, $"{SaveCursor}{WholeScreen}\e[{_rows};1H{Clear}{RestoreCursor}"));
        }
    }
}
