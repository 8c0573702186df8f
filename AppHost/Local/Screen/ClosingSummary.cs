using CloudTicks.AppHost.Local.Lines;
using CloudTicks.AppHost.Local.Running;
using CloudTicks.Verification;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace CloudTicks.AppHost.Local.Screen;

/// <summary>What remains on the terminal after the live table closes.</summary>
internal static class ClosingSummary
{
    /// <summary>Shows the duration of the run, the collector's last message, restarts, errors, and the path of the full log.</summary>
    public static IRenderable Summary(ScreenModel model, string? lastOfCollector)
    {
        var rows = new List<IRenderable>
        {
            new Paragraph("CloudTicks", new Style(decoration: Decoration.Bold))
                .Append($" ran for {TitleRow.Clock(model.Uptime)}; everything has stopped."),
        };
        if (lastOfCollector is not null)
        {
            rows.Add(Row("collector", lastOfCollector, Style.Plain));
        }

        rows.AddRange(model.Parts.Where(part => part.Restarts > 0).Select(part => Row(
            part.Name, part.Restarts == 1 ? "was restarted once" : $"was restarted {Palette.Number(part.Restarts)} times",
            Palette.Busy)));
        rows.AddRange(
            model.Problems.Values.Where(problem => problem.Level == LineLevel.Error)
                .Select(problem => Row(problem.Part, problem.Message, Palette.Bad)));
        rows.Add(Row("all lines", model.LogFile, Style.Plain));
        return new Rows(rows);
    }

    public static IRenderable Proof(RunReport report)
    {
        var lines = RunReportText.Lines(report).Select(Palette.Clean).ToList();
        var verdict = (report.Ok ? Palette.Good : Palette.Bad).Decoration(Decoration.Bold);
        return Palette.Framed(
            new Rows(lines.Select((line, index) => (IRenderable)new Text(line, index == 0 ? verdict : Style.Plain))), "proof");
    }

    private static Paragraph Row(string name, string text, Style style) =>
        new Paragraph($"  {name,-11}", Palette.Dim).Append(Palette.Clean(text), style);
}
