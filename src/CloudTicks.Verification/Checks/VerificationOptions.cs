using CloudTicks.Replay;
using CloudTicks.Ticks;

namespace CloudTicks.Verification.Checks;

/// <summary>What an operator asks for.</summary>
public sealed record VerificationOptions
{
    /// <summary>The names of the checks to look at; all when empty.</summary>
    public IReadOnlyCollection<string> Checks { get; init; } = [];

    /// <summary>How long something that must move may stand still before it is held against the system, 20 s by default.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a symbol may be quiet in the hours of its market, 60 s by default, or ten times its usual pause.</summary>
    public TimeSpan Quiet { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How far back a lost connection, or a refusal for too many requests, counts as a fault, an hour by default.</summary>
    public TimeSpan LookBack { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The first time to reconcile, Unix ms; null for five minutes before now.</summary>
    public long? FromMs { get; init; }

    /// <summary>The time behind the last to reconcile, Unix ms; null for ten seconds before now.</summary>
    public long? ToMs { get; init; }

    /// <summary>The symbols to reconcile.</summary>
    public SymbolFilter Symbols { get; init; } = SymbolFilter.All;

    /// <summary>Most differences that are listed; all are counted.</summary>
    public int MostDifferences { get; init; } = 1_000;

    /// <summary>Bounds of the sorting.</summary>
    public ReplayOptions Sorting { get; init; } = new();
}
