using System.Globalization;
using Spectre.Console;

namespace CloudTicks.AppHost.Local.Screen;

/// <summary>The first row: name, feed, recent rates, remaining time and running time.</summary>
internal static class TitleRow
{
    private const string Blocks = "▁▂▃▄▅";
    private const int MinWideWidth = 100;

    public static Table Of(ScreenModel model, int width)
    {
        var name = new Paragraph(" CloudTicks", new Style(decoration: Decoration.Bold))
            .Append($"  {(model.Feed == "simulated" ? "simulated feed" : "real feed of Polygon.io")}", Palette.Dim);
        var run = new Paragraph();
        if (model.Figures.History.Count > 1)
        {
            run.Append(Sparkline([.. model.Figures.History.TakeLast(width >= MinWideWidth ? 60 : 20)]), Palette.Rate).Append("  ");
        }

        if (model.Remaining is { } left)
        {
            run.Append($"ends in {Clock(left)}  ", Palette.Rate);
        }

        run.Append($"up {Clock(model.Uptime)} ", Palette.Dim);
        return new Table().Border(TableBorder.None).HideHeaders().Expand()
            .AddColumn(new TableColumn("").NoWrap().Padding(0, 0)).AddColumn(new TableColumn("").NoWrap().RightAligned().Padding(0, 0))
                .AddRow(name, run);
    }

    public static string Clock(TimeSpan time) =>
        time.ToString(time.TotalHours >= 1 ? @"h\:mm\:ss" : @"m\:ss", CultureInfo.InvariantCulture);

    private static string Sparkline(IReadOnlyList<double> values)
    {
        var highest = Math.Max(1, values.Max());
        return string.Concat(values.Select(value => Blocks[(int)Math.Round(value / highest * (Blocks.Length - 1))]));
    }
}
