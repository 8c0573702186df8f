using CloudTicks.Replay;
using CloudTicks.Ticks;

namespace CloudTicks.Verification.Checks;

/// <summary>The options of the checklist.</summary>
public sealed record VerificationOptions
{
    /// <summary>The names of the checks to run; empty for all.</summary>
    public IReadOnlyCollection<string> Checks { get; init; } = [];

    /// <summary>The maximum time to wait for a figure to change, 20 s by default.</summary>
    public TimeSpan MaxWait { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a symbol may be quiet in market hours, 60 s by default, or ten times its usual pause if that is longer.</summary>
    public TimeSpan Quiet { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How far back a lost connection, or a refusal for too many requests, counts as a fault, one hour by default.</summary>
    public TimeSpan LookBack { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Receives the compared share of the lake, 0 to 1; null for no progress.</summary>
    public Action<double>? LakeProgress { get; init; }

    /// <summary>
    /// The memory limit of the lake comparison, bytes; 512 MiB by default. Data above it is kept in the temporary folder.
    /// </summary>
    public long LakeMemory { get; init; } = 512L << 20;

    /// <summary>The start of the reconciled time range, inclusive, Unix ms; null for five minutes before the end.</summary>
    public long? FromMs { get; init; }

    /// <summary>The end of the reconciled time range, exclusive, Unix ms; null for ten seconds before now.</summary>
    public long? ToMs { get; init; }

    /// <summary>The symbols to reconcile.</summary>
    public SymbolFilter Symbols { get; init; } = SymbolFilter.All;

    /// <summary>The maximum number of listed differences; all are counted.</summary>
    public int MaxDifferences { get; init; } = 1_000;

    /// <summary>The options for reading and sorting the ticks of the archive.</summary>
    public ReplayOptions Sorting { get; init; } = new();
}
