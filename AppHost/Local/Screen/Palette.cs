using System.Globalization;
using Spectre.Console;

namespace CloudTicks.AppHost.Local.Screen;

/// <summary>The colours of the screen, and the format of numbers and external text.</summary>
internal static class Palette
{
    private const char Cut = '…';

    public static Style Good { get; } = new(Color.Green);

    public static Style Busy { get; } = new(Color.Yellow);

    public static Style Bad { get; } = new(Color.Red);

    public static Style Rate { get; } = new(Color.DarkCyan);

    public static Style Dim { get; } = new(Color.Grey);

    public static Style Border { get; } = new(Color.Grey35);

    public static Style Head { get; } = new(Color.Grey62);

    public static Style Of(Tone tone) => tone switch
    {
        Tone.Good => Good,
        Tone.Busy => Busy,
        _ => Bad,
    };

    public static string Number(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    public static Panel Framed(Spectre.Console.Rendering.IRenderable content, string header) => new(content)
    {
        Border = BoxBorder.Rounded,
        BorderStyle = Border,
        Expand = true,
        Padding = new Padding(1, 0, 1, 0),
        Header = new PanelHeader($"[grey62] {header.EscapeMarkup()} [/]"),
    };

    /// <summary>Truncates text to a width and marks the truncation.</summary>
    public static string Fit(string text, int width) => text.Length <= width ? text : width < 1 ? "" : text[..(width - 1)] + Cut;

    /// <summary>Replaces control characters with spaces, so that external text cannot move the cursor or ring the bell.</summary>
    public static string Clean(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter)) : text;
}
