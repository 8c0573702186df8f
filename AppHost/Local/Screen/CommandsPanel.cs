using CloudTicks.AppHost.Local.Running;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace CloudTicks.AppHost.Local.Screen;

/// <summary>Commands by which a person looks at the ticks in a second terminal.</summary>
internal static class CommandsPanel
{
    public static Panel? Of(ScreenModel model) => model.Commands.Count == 0 || model.Phase != RunPhase.Running ? null
        : Palette.Framed(new Rows(model.Commands.Select(command => (IRenderable)new Text(command))), "look at the ticks");
}
