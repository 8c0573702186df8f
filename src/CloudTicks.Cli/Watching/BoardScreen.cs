using System.Text;

namespace CloudTicks.Cli.Watching;

/// <summary>The terminal's alternate screen. The main screen is restored however the process ends, except by SIGKILL.</summary>
internal sealed class BoardScreen : IDisposable
{
    private const string Enter = "\e[?1049h\e[?25l\e[2J";

    // Clear first, for terminals without an alternate screen.
    private const string Leave = "\e[2J\e[H\e[?25h\e[?1049l";
    private const int DefaultWidth = 80;
    private const int DefaultHeight = 24;

    private readonly Lock _gate = new();
    private bool _isLeft;

    public BoardScreen()
    {
        AppDomain.CurrentDomain.ProcessExit += OnEnd;
        Console.Out.Write(Enter);
    }

    public static bool IsSupported =>
        !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");

    public static (int Width, int Height) Size =>
        Console.WindowWidth > 0 && Console.WindowHeight > 0 ? (Console.WindowWidth, Console.WindowHeight) : (DefaultWidth, DefaultHeight);

    /// <summary>Draws over the previous content.</summary>
    public void Draw(IReadOnlyList<string> lines)
    {
        // Synchronised output (mode 2026): the terminal shows the new content when it is complete.
        var frame = new StringBuilder("\e[?2026h\e[H");
        for (var index = 0; index < lines.Count; index++)
        {
            frame.Append(lines[index]).Append("\e[K").Append(index < lines.Count - 1 ? "\r\n" : "");
        }

        lock (_gate)
        {
            if (!_isLeft)
            {
                Console.Out.Write(frame.Append("\e[J\e[?2026l"));
            }
        }
    }

    /// <summary>Restores the main screen; a second call does nothing.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isLeft)
            {
                return;
            }

            _isLeft = true;
            Console.Out.Write(Leave);
        }

        AppDomain.CurrentDomain.ProcessExit -= OnEnd;
    }

    private void OnEnd(object? sender, EventArgs arguments) => Dispose();
}
