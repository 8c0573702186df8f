using System.Globalization;
using Microsoft.Extensions.Hosting;
using Spectre.Console;

namespace CloudTicks.Cli.Watching;

internal static class BoardTable
{
    /// <summary>The number of lines that are not rows: borders, header and separator.</summary>
    private const int FrameLines = 4;

    private static readonly TimeSpan MaxFreshAge = TimeSpan.FromSeconds(10);

    /// <summary>The board, cut to the terminal's height.</summary>
    /// <param name="height">Rows of the terminal; <see cref="int.MaxValue"/> for no limit.</param>
    public static IReadOnlyList<string> Draw(
        IReadOnlyList<PriceLine> lines, string title, IReadOnlyList<string> notes, int width, int height, bool isColoured)
    {
        var room = height == int.MaxValue ? lines.Count : Math.Max(1, height - FrameLines - 2 - notes.Count);
        var table = new Table { Border = TableBorder.Rounded, Expand = false };
        foreach (var (name, isNumber) in Columns)
        {
            table.AddColumn(new TableColumn(new Text(name, new Style(decoration: Decoration.Bold)))
            {
                NoWrap = true,
                Alignment = isNumber ? Justify.Right : Justify.Left,
            });
        }

        foreach (var line in lines.Take(room))
        {
            table.AddRow(Cells(line));
        }

        using var text = new StringWriter(CultureInfo.InvariantCulture);
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isColoured ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = isColoured ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(text),
        });
        console.Profile.Width = width;
        console.Profile.Capabilities.Unicode = true;
        console.Write(new Text(Cut(title, width)));
        console.WriteLine();
        console.Write(table);
        if (lines.Count > room)
        {
            console.WriteLine(Cut($"{Counted.Of(lines.Count - room, "symbol")} not shown, because the terminal has too few rows", width));
        }

        foreach (var note in notes)
        {
            console.WriteLine(Cut(note, width));
        }

        return text.ToString().TrimEnd('\n').Split('\n');
    }

    private static readonly (string Name, bool IsNumber)[] Columns =
        [("symbol", false), ("bid", true), ("ask", true), ("last", true), ("change", true), ("%", true), ("age", true), ("ticks/s", true)];

    private static Text[] Cells(PriceLine line)
    {
        var change = line.Change switch
        {
            > 0 => new Style(Color.Green),
            < 0 => new Style(Color.Red),
            _ => Style.Plain,
        };
        return
        [
            new Text(line.Symbol, new Style(Color.Aqua)),
            new Text(Number(line.Bid)),
            new Text(Number(line.Ask)),
            new Text(Number(line.Last), change),
            new Text(line.Change is { } by ? by.ToString("+0.########;-0.########;0", CultureInfo.InvariantCulture) : "", change),
            new Text(line is { Change: { } moved, First: { } first and not 0 }
                ? (100 * ((double)moved / (double)first)).ToString("+0.000;-0.000;0.000", CultureInfo.InvariantCulture) : "", change),
            new Text(Age(line.Age), line.Age is null || line.Age > MaxFreshAge ? new Style(Color.Yellow) : Style.Plain),
            new Text(line.PerSecond is { } rate ? rate.ToString(rate < 100 ? "N1" : "N0", CultureInfo.InvariantCulture) : ""),
        ];
    }

    private static string Number(decimal? value) =>
        value is { } number ? number.ToString("0.##########", CultureInfo.InvariantCulture) : "";

    private static string Age(TimeSpan? age) => age switch
    {
        null => "no tick",
        { TotalSeconds: < 10 } young => string.Create(CultureInfo.InvariantCulture, $"{young.TotalSeconds:0.0} s"),
        { TotalMinutes: < 2 } some => string.Create(CultureInfo.InvariantCulture, $"{some.TotalSeconds:0} s"),
        { TotalHours: < 2 } more => string.Create(CultureInfo.InvariantCulture, $"{more.TotalMinutes:0} min"),
        { TotalDays: < 2 } many => string.Create(CultureInfo.InvariantCulture, $"{many.TotalHours:0} h"),
        { } old => string.Create(CultureInfo.InvariantCulture, $"{old.TotalDays:0} d"),
    };

    private static string Cut(string text, int width) => text.Length <= width ? text : text[..width];
}
