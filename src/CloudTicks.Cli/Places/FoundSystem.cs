using CloudTicks.Verification.Places;

namespace CloudTicks.Cli.Places;

internal sealed record FoundSystem(RunningSystem Note, string Where);
