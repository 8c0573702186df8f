using CloudTicks.Lake.Manifests;

namespace CloudTicks.Lake.Repairing;

/// <summary>The result of a repair.</summary>
public sealed class LakeRepairResult
{
    private readonly List<string> _lost = [];

    /// <summary>The days that were changed, or would be in a dry run.</summary>
    public HashSet<LakeDay> Days { get; } = [];

    /// <summary>The number of rewritten hours; each kind and market has its own hours.</summary>
    public int Hours { get; internal set; }

    /// <summary>The number of files that were replaced, or would be in a dry run.</summary>
    public int OldFiles { get; internal set; }

    /// <summary>The number of ticks in the replaced files, according to their manifests.</summary>
    public long OldRows { get; internal set; }

    /// <summary>The number of files that were written.</summary>
    public int NewFiles { get; internal set; }

    /// <summary>
    /// The number of ticks in the written files. A tick that the archive holds twice may be in two files until they are merged.
    /// </summary>
    public long NewRows { get; internal set; }

    /// <summary>One message for each damaged file that may have had ticks that this archive lacks; these ticks are lost.</summary>
    public IReadOnlyList<string> Lost => _lost;

    internal void AddLost(string sentence) => _lost.Add(sentence);
}
