using CloudTicks.Verification.Places;

namespace CloudTicks.Cli.Places;

/// <summary>A system that runs on this machine.</summary>
/// <param name="Note">What its AppHost has noted.</param>
/// <param name="Where">Where it was found, in words.</param>
internal sealed record FoundSystem(RunningSystem Note, string Where);
