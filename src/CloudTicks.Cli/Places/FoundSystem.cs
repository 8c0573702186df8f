using CloudTicks.Verification.Places;

namespace CloudTicks.Cli.Places;

internal sealed record FoundSystem(RunningSystem System, string Where);
