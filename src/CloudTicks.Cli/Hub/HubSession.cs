using CloudTicks.Cli.Places;

namespace CloudTicks.Cli.Hub;

/// <summary>One command that speaks with the hub.</summary>
/// <param name="Console">Where to write.</param>
/// <param name="Json">Whether programs read it.</param>
internal sealed record HubSession(HubClient Hub, HubConsole Console, bool Json, TargetSystem Target, TimeProvider Time);
