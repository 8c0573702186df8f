using CloudTicks.Lake.Manifests;

namespace CloudTicks.Lake.Comparing;

/// <summary>The result of a comparison of lake and archive.</summary>
public sealed class LakeComparisonResult
{
    /// <summary>Differences that are listed; further ones are only counted.</summary>
    public const int MaxDifferences = 1_000;

    private readonly List<LakeDifference> _differences = [];
    private readonly List<LakeFileFault> _faults = [];
    private readonly HashSet<(LakeDay Day, int Hour)> _hours = [];

    /// <summary>Days, each of one kind and market, that were compared.</summary>
    public int Days { get; internal set; }

    /// <summary>Days that were skipped, because their files have not changed since they were proved.</summary>
    public int ProvedBefore { get; internal set; }

    /// <summary>Days that were skipped, because the lake's retention dropped them.</summary>
    public int Dropped { get; internal set; }

    /// <summary>Different ticks of the archive in the days compared.</summary>
    public long Archive { get; internal set; }

    /// <summary>Different ticks of the lake in the days compared, up to where the lake claims to have all.</summary>
    public long Lake { get; internal set; }

    /// <summary>The identities of <see cref="Archive"/> added up, modulo 2^64.</summary>
    public ulong ArchiveSum { get; internal set; }

    /// <summary>The identities of <see cref="Lake"/> added up, modulo 2^64.</summary>
    public ulong LakeSum { get; internal set; }

    /// <summary>Ticks of the lake whose records the archive no longer has: they cannot be compared, and are not a fault.</summary>
    public long Gone { get; internal set; }

    /// <summary>Repeats in the lake's files, which are removed when their hour is merged.</summary>
    public long Repeats { get; internal set; }

    /// <summary>Records of the archive that cannot be read; the lake has nothing of them either.</summary>
    public long Unreadable { get; internal set; }

    /// <summary>Whether the lake has files, and none of its positions is of this archive.</summary>
    public bool IsOfAnotherArchive { get; internal set; }

    /// <summary>Why the proof could not be stored; null on success.</summary>
    public string? ProofProblem { get; internal set; }

    /// <summary>The differences, the first <see cref="MaxDifferences"/> of them; none in hours whose file is at fault.</summary>
    public IReadOnlyList<LakeDifference> Differences => _differences;

    /// <summary>All differences.</summary>
    public long DifferenceCount { get; private set; }

    /// <summary>Files at fault.</summary>
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
