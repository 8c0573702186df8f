using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace CloudTicks.AppHost.Local.Screen;

/// <summary>Renders the screen into lines of text, with colour escape sequences if enabled.</summary>
internal sealed partial class Canvas
{
    private const int MaxHeight = 1_000;
    private const string Signs = "╭╮╰╯├└─│●▲▼…▁▂▃▄▅";
    private const string PlainSigns = "++++|+-|*^v~_____";

    private readonly AnsiConsoleSettings _settings;
    private readonly bool _isColored;
    private readonly bool _isUnicode;

    /// <param name="isColored">True for as many colours as the terminal supports; false for no escape sequences at all.</param>
    /// <param name="encoding">The terminal's encoding: without Unicode, borders and arrows are plain ASCII.</param>
    public Canvas(bool isColored, Encoding encoding)
    {
        _settings = new AnsiConsoleSettings
        {
            // Otherwise Spectre would change the colours of this process's console, even if it writes elsewhere.
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
        (console.Profile.Width, console.Profile.Height) = (Width, MaxHeight);
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
