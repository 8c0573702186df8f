using System.Runtime.InteropServices;
using System.Text;
using CloudTicks.AppHost.Local.CommandLine;

namespace CloudTicks.AppHost.Local.Screen;

/// <summary>The terminal's alternate screen, with a hidden cursor. The user's screen is restored on every exit except SIGKILL.</summary>
internal sealed class Terminal : IDisposable
{
    private const string Enter = "\e[?1049h\e[?25l\e[2J";

    // Clears the screen first, for terminals without an alternate screen.
    private const string Leave = "\e[2J\e[H\e[?25h\e[?1049l";
    private const int DefaultWidth = 80;
    private const int DefaultHeight = 24;
    private const int StandardError = 2;
    private const nuint LinuxWindowSize = 0x5413;

    private readonly TextWriter _writer;
    private readonly bool _isStandardError;
    private readonly Lock _gate = new();
    private bool _isRestored;

    private Terminal(TextWriter writer, bool isStandardError)
    {
        (_writer, _isStandardError) = (writer, isStandardError);
        AppDomain.CurrentDomain.ProcessExit += OnEnd;
        AppDomain.CurrentDomain.UnhandledException += OnEnd;
        Write(Enter);
    }

    public (int Width, int Height) Size
    {
        get
        {
            var (width, height) = _isStandardError ? SizeOfStandardError() : (Console.WindowWidth, Console.WindowHeight);
            return width > 0 && height > 0 ? (width, height) : (DefaultWidth, DefaultHeight);
        }
    }

    /// <summary>Whether the output is an interactive terminal that supports escape sequences, and no program reads the lines.</summary>
    public static bool IsUsable(RunOptions options) =>
        !options.LogJson && !options.Plain && !(options.Json ? Console.IsErrorRedirected : Console.IsOutputRedirected)
            && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");

    /// <summary>Uses standard output's terminal, or standard error's if standard output is for the report.</summary>
    public static Terminal Open(TextWriter writer, RunOptions options) => new(writer, options.Json);

    /// <summary>Draws new content over the previous content in a single write.</summary>
    public void Draw(IReadOnlyList<string> lines)
    {
        // Terminals that support synchronised output (mode 2026) show the new content only when it is complete.
        var frame = new StringBuilder("\e[?2026h\e[H");
        for (var index = 0; index < lines.Count; index++)
        {
            frame.Append(lines[index]).Append("\e[K").Append(index < lines.Count - 1 ? "\r\n" : "");
        }

        Write(frame.Append("\e[J\e[?2026l").ToString());
    }

    /// <summary>Restores the user's screen and cursor; a second call does nothing.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isRestored)
            {
                return;
            }

            Write(Leave);
            _isRestored = true;
        }

        AppDomain.CurrentDomain.ProcessExit -= OnEnd;
        AppDomain.CurrentDomain.UnhandledException -= OnEnd;
    }

    private void OnEnd(object? sender, EventArgs arguments) => Dispose();

    private void Write(string text)
    {
        lock (_gate)
        {
            if (_isRestored)
            {
                return;
            }

            try
            {
                _writer.Write(text);
                _writer.Flush();
            }
            catch (IOException)
            {
                // The terminal was closed; the run continues.
            }
        }
    }

    private static (int Width, int Height) SizeOfStandardError()
    {
        var size = default(WindowSize);
        return OperatingSystem.IsLinux() && Ioctl(StandardError, LinuxWindowSize, ref size) == 0 ? (size.Columns, size.Rows) : default;
    }

    [DllImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Ioctl(int file, nuint request, ref WindowSize size);

    /// <summary>struct winsize of tty_ioctl(4).</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct WindowSize
    {
        public ushort Rows;
        public ushort Columns;
        public ushort WidthInPixels;
        public ushort HeightInPixels;
    }
}
