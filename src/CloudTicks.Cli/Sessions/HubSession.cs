using CloudTicks.Cli.Hub;
using CloudTicks.Cli.Places;

namespace CloudTicks.Cli.Sessions;

internal sealed record HubSession(HubClient Hub, HubConsole Console, bool Json, TargetSystem Target, TimeProvider Time);
