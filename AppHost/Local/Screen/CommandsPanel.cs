using CloudTicks.AppHost.Local.Running;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace CloudTicks.AppHost.Local.Screen;

/// <summary>Where a person looks at the ticks beside this terminal.</summary>
internal static class CommandsPanel
{
    /// <param name="most">Most of them, the first ones; all when there is room.</param>
    public static Panel? Of(ScreenModel model, int most) =>
        model.Commands.Count == 0 || most < 1 || model.Phase != RunPhase.Running ? null
        : Palette.Framed(new Rows(model.Commands.Take(most).Select(command => (IRenderable)new Text(command))), "look at the ticks");
}
