namespace CloudTicks.Lake.Manifests;

/// <summary>The current manifest of a day.</summary>
/// <param name="Version">The manifest's version; 0 if the day has no usable manifest.</param>
/// <param name="Highest">The highest existing version, including damaged ones; the next version follows it.</param>
internal sealed record DayEntry(LakeDay Day, long Version, long Highest, DayManifest Manifest)
{
    /// <summary>Whether a later version is damaged, so the files that it added are unknown.</summary>
    public bool IsOutdated => Version < Highest;

    /// <summary>Names of files that are missing or whose size differs from the manifest.</summary>
    public IReadOnlySet<string> Damaged { get; init; } = new HashSet<string>();

    public static DayEntry Empty(LakeDay day) => new(day, 0, 0, new DayManifest());
}
