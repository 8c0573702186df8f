namespace CloudTicks.Lake.Manifests;

/// <summary>Another writer wrote the next version first: what was prepared does not count, and the lake is read anew.</summary>
internal sealed class LakeConflictException(string name) : LakeException($"Another writer has written {name} meanwhile.");
