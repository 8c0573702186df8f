using System.Globalization;
using CloudTicks.AppHost.Local.Lines;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace CloudTicks.AppHost.Local.Screen;

internal static class LinesPanel
{
    private const int NameWidth = 10;
    private const int Borders = 4;
    private const string TimeFormat = "HH:mm:ss";

    public static Panel Of(string header, IReadOnlyList<RunLine> lines, int width, int height)
    {
        var rows = lines.TakeLast(height).Select(line => Row(line, width - Borders)).ToList<IRenderable>();
        if (rows.Count == 0)
        {
            rows.Add(new Text("none so far", Palette.Dim));
        }

        rows.AddRange(Enumerable.Repeat(new Text(""), height - rows.Count));
        return Palette.Framed(new Rows(rows), header);
    }

    private static Paragraph Row(RunLine line, int width)
    {
        var style = line.Level switch
        {
            LineLevel.Error => Palette.Bad,
            LineLevel.Warning => Palette.Busy,
            _ => Style.Plain,
        };
        var part = $"{line.Part,-NameWidth} ";
        return new Paragraph($"{line.Time.ToString(TimeFormat, CultureInfo.InvariantCulture)} ", Palette.Dim).Append(part, Palette.Head)
            .Append(Palette.Fit(Palette.Clean(line.Message), width - TimeFormat.Length - 1 - part.Length), style);
    }
}
