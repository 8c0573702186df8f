using CloudTicks.Lake.Manifests;

namespace CloudTicks.Lake.Repairing;

/// <summary>What a repair did.</summary>
public sealed class LakeRepairResult
{
    private readonly List<string> _lost = [];

    /// <summary>The days that were changed, or, in a dry run, would be.</summary>
    public HashSet<LakeDay> Days { get; } = [];

    /// <summary>Hours of a kind and market that were made anew.</summary>
    public int Hours { get; internal set; }

    /// <summary>Files that were replaced.</summary>
    public int OldFiles { get; internal set; }

    /// <summary>Ticks in those files, as their manifests said.</summary>
    public long OldRows { get; internal set; }

    /// <summary>Files that were written.</summary>
    public int NewFiles { get; internal set; }

    /// <summary>Ticks in those files. A tick that the archive holds twice may be in two until they are merged.</summary>
    public long NewRows { get; internal set; }

    /// <summary>Damaged files with ticks of which this archive may have no record, so that they are lost: a sentence each.</summary>
    public IReadOnlyList<string> Lost => _lost;

    internal void AddLost(string sentence) => _lost.Add(sentence);
}
