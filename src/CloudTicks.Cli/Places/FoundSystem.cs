using CloudTicks.Verification.Places;

namespace CloudTicks.Cli.Places;

/// <summary>A system that runs on this machine.</summary>
internal sealed record FoundSystem(RunningSystem Note, string Where);
