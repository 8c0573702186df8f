using CloudTicks.Lake.Manifests;

namespace CloudTicks.Lake.Repairing;

/// <summary>
/// The hours of a day to rewrite, and the files that hold them. If a file is unreadable, all its hours are rewritten, which may add further
/// files.
/// </summary>
internal sealed class DayRepair
{
    private readonly HashSet<string> _unreadable;

    public DayRepair(DayEntry entry, IEnumerable<int> hours)
    {
        (Entry, Hours) = (entry, [.. hours]);
        _unreadable = [.. entry.Damaged];
        Widen();
    }

    public DayEntry Entry { get; }

    public SortedSet<int> Hours { get; }

    /// <summary>The files that may hold ticks of the hours.</summary>
    public IEnumerable<LakeFile> Files =>
        Entry.Manifest.Files.Where(file => Hours.Any(hour => file.FirstHour <= hour && hour <= file.LastHour));

    public bool IsReadable(LakeFile file) => !_unreadable.Contains(file.Name);

    /// <summary>Marks a file as unreadable and adds all its hours.</summary>
    public void SetUnreadable(LakeFile file)
    {
        _unreadable.Add(file.Name);
        Widen();
    }

    /// <summary>Adds to a result the hours, files and ticks that would be replaced.</summary>
    public void Count(LakeRepairResult into)
    {
        into.Days.Add(Entry.Day);
        into.Hours += Hours.Count;
        into.OldFiles += Files.Count();
        into.OldRows += Files.Sum(file => file.Rows);
    }

    private void Widen()
    {
        for (var before = -1; before != Hours.Count;)
        {
            before = Hours.Count;
            foreach (var file in Files.Where(file => _unreadable.Contains(file.Name)).ToList())
            {
                Hours.UnionWith(Enumerable.Range(file.FirstHour, file.LastHour - file.FirstHour + 1));
            }
        }
    }
}
