using CloudTicks.AppHost.Local.Running;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace CloudTicks.AppHost.Local.Screen;

/// <summary>Shows where users can see the ticks, other than in this terminal.</summary>
internal static class CommandsPanel
{
    /// <param name="maxCount">The maximum number of commands to show.</param>
    public static Panel? Of(ScreenModel model, int maxCount) =>
        model.Commands.Count == 0 || maxCount < 1 || model.Phase != RunPhase.Running ? null
        : Palette.Framed(new Rows(model.Commands.Take(maxCount).Select(command => (IRenderable)new Text(command))), "look at the ticks");
}
