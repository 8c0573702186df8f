namespace CloudTicks.Lake.Manifests;

/// <summary>Another writer wrote the next version first: the prepared one does not count, and the lake is read again.</summary>
internal sealed class LakeConflictException(string name) : LakeException($"Another writer has written {name} meanwhile.");
