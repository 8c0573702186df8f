using CloudTicks.Lake.Manifests;

namespace CloudTicks.Lake.Comparing;

/// <summary>The result of a comparison of lake and archive.</summary>
public sealed class LakeComparisonResult
{
    /// <summary>The maximum number of listed differences; further ones are only counted.</summary>
    public const int MaxDifferences = 1_000;

    private readonly List<LakeDifference> _differences = [];
    private readonly List<LakeFileFault> _faults = [];
    private readonly HashSet<(LakeDay Day, int Hour)> _hours = [];

    /// <summary>The number of compared days; each kind and market has its own days.</summary>
    public int Days { get; internal set; }

    /// <summary>The number of days that were skipped because their files have not changed since they were proved.</summary>
    public int ProvedBefore { get; internal set; }

    /// <summary>The number of days that were skipped because the lake's retention dropped them.</summary>
    public int Dropped { get; internal set; }

    /// <summary>The number of distinct ticks of the archive in the compared days.</summary>
    public long Archive { get; internal set; }

    /// <summary>
    /// The number of distinct ticks of the lake in the compared days, up to the offsets to which the lake claims to be complete.
    /// </summary>
    public long Lake { get; internal set; }

    /// <summary>The sum of the identities of the <see cref="Archive"/> ticks, modulo 2^64.</summary>
    public ulong ArchiveSum { get; internal set; }

    /// <summary>The sum of the identities of the <see cref="Lake"/> ticks, modulo 2^64.</summary>
    public ulong LakeSum { get; internal set; }

    /// <summary>
    /// The number of ticks of the lake whose records the archive no longer has. They cannot be compared, and do not count as differences.
    /// </summary>
    public long Expired { get; internal set; }

    /// <summary>The number of repeated ticks in the lake's files; merging the files removes the repeats.</summary>
    public long Repeats { get; internal set; }

    /// <summary>The number of archive records that cannot be read; their ticks are also missing in the lake.</summary>
    public long Unreadable { get; internal set; }

    /// <summary>Whether the lake has files but no position in this archive.</summary>
    public bool IsFromAnotherArchive { get; internal set; }

    /// <summary>Why the proof could not be stored; null on success.</summary>
    public string? ProofProblem { get; internal set; }

    /// <summary>The first <see cref="MaxDifferences"/> differences. Hours with a faulty file are not included.</summary>
    public IReadOnlyList<LakeDifference> Differences => _differences;

    /// <summary>The number of differences, including those after the first <see cref="MaxDifferences"/>.</summary>
    public long DifferenceCount { get; private set; }

    /// <summary>The faulty files.</summary>
    public IReadOnlyList<LakeFileFault> Faults => _faults;

    /// <summary>The hours that need a repair.</summary>
    public IReadOnlyCollection<(LakeDay Day, int Hour)> Hours => _hours;

    internal void Add(LakeFileFault fault)
    {
        _faults.Add(fault);
        for (var hour = fault.File.FirstHour; hour <= fault.File.LastHour; hour++)
        {
            _hours.Add((fault.Day, hour));
        }
    }

    internal void Add(LakeDifference difference)
    {
        _hours.Add((difference.Day, difference.Hour));
        if (_faults.Exists(fault => fault.Day == difference.Day
            && fault.File.FirstHour <= difference.Hour && difference.Hour <= fault.File.LastHour))
        {
            return;
        }

        DifferenceCount++;
        if (_differences.Count < MaxDifferences)
        {
            _differences.Add(difference);
        }
    }
}
