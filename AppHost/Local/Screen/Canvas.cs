using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace CloudTicks.AppHost.Local.Screen;

/// <summary>Turns what is drawn into lines of text, with the escape sequences of colours where they are wanted.</summary>
internal sealed partial class Canvas
{
    private const int EnoughHeight = 1_000;
    private const string Signs = "╭╮╰╯├└─│●▲▼…▁▂▃▄▅";
    private const string PlainSigns = "++++|+-|*^v~_____";

    private readonly AnsiConsoleSettings _settings;
    private readonly bool _isColored;
    private readonly bool _isUnicode;

    /// <param name="isColored">With colours, as many as the terminal says that it has; otherwise without a single escape sequence.</param>
    /// <param name="encoding">Of the terminal: one that is not Unicode gets plain borders and arrows.</param>
    public Canvas(bool isColored, Encoding encoding)
    {
        _settings = new AnsiConsoleSettings
        {
            // Without it, Spectre would set the colours of the process's own console, whatever it writes to.
            Ansi = AnsiSupport.Yes,
            ColorSystem = isColored ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        };
        _isColored = isColored;
        _isUnicode = encoding.WebName.StartsWith("utf", StringComparison.OrdinalIgnoreCase);
    }

    public int Width { get; set; } = 80;

    public List<string> Lines(IRenderable drawing)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        _settings.Out = new AnsiConsoleOutput(text);
        var console = AnsiConsole.Create(_settings);
        (console.Profile.Width, console.Profile.Height) = (Width, EnoughHeight);
        console.Profile.Capabilities.Unicode = true;
        console.Write(drawing);
        var drawn = _isColored ? text.ToString() : EscapeSequence().Replace(text.ToString(), "");
        var lines = (_isUnicode ? drawn : Plain(drawn)).Split('\n').Select(line => line.TrimEnd('\r')).ToList();
        if (lines[^1].Length == 0)
        {
            lines.RemoveAt(lines.Count - 1);
        }

        return lines;
    }

    [GeneratedRegex(@"\e\[[0-9;]*m", RegexOptions.CultureInvariant)]
    private static partial Regex EscapeSequence();

    private static string Plain(string text) =>
        string.Concat(
            text.Select(letter => Signs.IndexOf(letter, StringComparison.Ordinal) is >= 0 and var sign ? PlainSigns[sign] : letter));
}
