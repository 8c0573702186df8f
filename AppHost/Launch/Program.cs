using CloudTicks.AppHost.Launch;
using CloudTicks.AppHost.Local.CommandLine;
using CloudTicks.LocalServices.Processes;

using var lines = LaunchLines.Open(args);
var system = BuiltSystem.OfThisBuild();
if (!system.IsCurrent() && !await new SystemBuild(system, lines, isStarting: !LaunchLines.OnlyPrints(args)).RunAsync())
{
    return ExitCodes.CannotStart;
}

return ProgramReplacement.ReplaceWith(system.Program, args);
