using CloudTicks.Lake.Manifests;

namespace CloudTicks.Lake.Comparing;

/// <summary>A current file that is missing, is unreadable, or differs from its manifest.</summary>
/// <param name="Sentence">The file and its fault.</param>
public sealed record LakeFileFault(LakeDay Day, LakeFile File, string Sentence);
