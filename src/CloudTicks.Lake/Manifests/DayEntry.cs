namespace CloudTicks.Lake.Manifests;

/// <summary>The current manifest of a day.</summary>
/// <param name="Version">Its version; 0 where the day has none yet.</param>
/// <param name="Highest">The highest version there is, damaged ones included: the next one follows it.</param>
internal sealed record DayEntry(LakeDay Day, long Version, long Highest, DayManifest Manifest)
{
    /// <summary>Whether a later version is damaged, so that the files that it added are unknown.</summary>
    public bool IsOutdated => Version < Highest;

    /// <summary>Files that are missing or have another size than the manifest says, by name.</summary>
    public IReadOnlySet<string> Damaged { get; init; } = new HashSet<string>();

    public static DayEntry Empty(LakeDay day) => new(day, 0, 0, new DayManifest());
}
