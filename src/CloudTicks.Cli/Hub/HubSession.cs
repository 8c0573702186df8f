using CloudTicks.Cli.Places;

namespace CloudTicks.Cli.Hub;

/// <summary>One command that speaks with the hub.</summary>
internal sealed record HubSession(HubClient Hub, HubConsole Console, bool Json, TargetSystem Target, TimeProvider Time);
