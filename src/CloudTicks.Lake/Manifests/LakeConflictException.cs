namespace CloudTicks.Lake.Manifests;

/// <summary>Another writer wrote the next version first: discard the prepared version and read the lake again.</summary>
internal sealed class LakeConflictException(string name) : LakeException($"Another writer has already written {name}.");
