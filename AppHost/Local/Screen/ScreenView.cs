using CloudTicks.AppHost.Local.Running;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace CloudTicks.AppHost.Local.Screen;

/// <summary>
/// Draws title, sentence, parts, newest prices, log lines and footer; panels that do not fit the height are omitted or shortened.
/// </summary>
internal sealed class ScreenView(Canvas canvas)
{
    private const int FrameLines = 2;
    private const int MaxWarnings = 4;
    private const int MinLines = 3;
    private const int MaxLines = 20;

    /// <summary>The lines of the screen, limited to the terminal's height and width.</summary>
    public IReadOnlyList<string> Draw(ScreenModel model, int width, int height)
    {
        canvas.Width = width;
        List<string> lines = [.. canvas.Lines(TitleRow.Of(model, width)), .. canvas.Lines(SentenceRow(model.Sentence))];
        Add(PartsPanel.Of(model, width));
        if (model.Phase == RunPhase.Starting)
        {
            Add(Left() > FrameLines ? LinesPanel.Of("start", model.Lines, width, Math.Min(Left() - FrameLines, MaxLines)) : null);
        }
        else
        {
            AddPanels();
        }

        return [.. lines.Concat(Enumerable.Repeat("", height)).Take(height - 1), .. canvas.Lines(Footer(model)).Take(1)];

        int Left() => height - 1 - lines.Count;

        void Add(IRenderable? panel) => lines.AddRange(panel is null ? [] : canvas.Lines(panel));

        void AddPanels()
        {
            var warningLines = Math.Min(Left() - FrameLines, Math.Clamp(model.Warnings.Count, 1, MaxWarnings));
            Add(PricesPanel.Of(model.Figures, width, Left() - FrameLines - warningLines));
            Add(warningLines > 0 ? LinesPanel.Of("warnings and errors", model.Warnings, width, warningLines) : null);
            Add(Enumerable.Range(0, model.Commands.Count).Select(without => CommandsPanel.Of(model, model.Commands.Count - without))
                .FirstOrDefault(commands => commands is not null && canvas.Lines(commands).Count <= Left()));
            var newestLines = Math.Min(Left() - FrameLines, MaxLines);
            Add(newestLines >= MinLines ? LinesPanel.Of("newest lines", model.Lines, width, newestLines) : null);
        }
    }

    private static Grid SentenceRow(Sentence sentence)
    {
        var style = Palette.Of(sentence.Tone).Decoration(Decoration.Bold);
        return new Grid().AddColumn(new GridColumn().NoWrap().Padding(1, 0, 1, 0)).AddColumn(new GridColumn().Padding(0, 0, 1, 0))
            .AddRow(new Text("●", style), new Text(Palette.Clean(sentence.Text), style));
    }

    private Text Footer(ScreenModel model) => new(
        Palette.Fit(
            (model.Phase == RunPhase.Stopping ? " Stopping" : " Ctrl-C stops")
                + (model.LogFile.Length > 0 ? $"   all lines: {model.LogFile}" : ""),
            canvas.Width),
        Palette.Dim);
}
