using CloudTicks.Lake.Manifests;

namespace CloudTicks.Lake.Comparing;

/// <summary>A file that counts and cannot be read, or holds other ticks than its manifest says.</summary>
/// <param name="Sentence">Which file, and what is wrong with it.</param>
public sealed record LakeFileFault(LakeDay Day, LakeFile File, string Sentence);
