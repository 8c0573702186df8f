using System.Collections.ObjectModel;
using CloudTicks.Ticks.Measures;

namespace CloudTicks.Ticks.Status;

/// <summary>
/// What a collector has done since its start: <c>GET /api/v1/status</c>, in snake_case. What is required every version has; the other
/// members have a default for a collector of an older one.
/// </summary>
public sealed record CollectorStatus
{
    /// <summary>Whose ticks they are: <c>simulated</c> or <c>polygon</c>.</summary>
    public required string Feed { get; init; } = "";

    /// <summary>Whether an authenticated session stands on every connection that is needed, by market.</summary>
    public required IReadOnlyDictionary<string, bool> Connected { get; init; } = ReadOnlyDictionary<string, bool>.Empty;

    /// <summary>Why a market's feed was refused for good, by market.</summary>
    public required IReadOnlyDictionary<string, string> Refused { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>The times without a session so far, by market; what the feed sent in them is missing.</summary>
    public required IReadOnlyDictionary<string, OutageStatus> Outages { get; init; } =
        ReadOnlyDictionary<string, OutageStatus>.Empty;

    /// <summary>The connections of each market, and the channels that are missing or refused.</summary>
    public required IReadOnlyDictionary<string, MarketFeedStatus> Connections { get; init; } =
        ReadOnlyDictionary<string, MarketFeedStatus>.Empty;

    /// <summary>What is selected, and whether it is what was asked for.</summary>
    public SelectionStatus? Selection { get; init; }

    /// <summary>The times in which ticks may be missing.</summary>
    public GapStatus Gaps { get; init; } = new(0, 0, 0, 0, null, 0, 0, 0);

    /// <summary>REST requests that the server refused as too many.</summary>
    public required RateLimitStatus RateLimit { get; init; } = new(0, null);

    /// <summary>Where it stands among the collectors that share the symbols; null when it is alone.</summary>
    public ReplicaStatus? Replica { get; init; }

    /// <summary>Channels that tick no more in their market's hours, although their session was begun anew.</summary>
    public required IReadOnlyList<string> Stale { get; init; } = [];

    /// <summary>How long the event hub has acknowledged nothing although records wait for it, in ms; null while it does.</summary>
    public required long? HubAwayMs { get; init; }

    /// <summary>Why the event hub acknowledges nothing, by its own words where it answers; null while it does.</summary>
    public string? HubAwayReason { get; init; }

    /// <summary>What waits on disk for the event hub; null before the event hub was reached for the first time.</summary>
    public required SpoolStatus? Spool { get; init; }

    /// <summary>Where the records go; null before it was opened.</summary>
    public OutletStatus? Outlet { get; init; }

    /// <summary>When the first tick was received, Unix ms, UTC; null before it.</summary>
    public long? FirstTickMs { get; init; }

    /// <summary>Ticks received, those rejected included.</summary>
    public required long Received { get; init; }

    /// <summary>Ticks that went to the dead letters, by reason; reasons that did not occur are left out.</summary>
    public IReadOnlyDictionary<string, long> Rejected { get; init; } = ReadOnlyDictionary<string, long>.Empty;

    /// <summary>The same in all, those that came again not counted again.</summary>
    public long RejectedDistinct { get; init; }

    /// <summary>Events that are not collected, by type.</summary>
    public IReadOnlyDictionary<string, long> Ignored { get; init; } = ReadOnlyDictionary<string, long>.Empty;

    /// <summary>Ticks of symbols or kinds that are not selected; they are left out, and not among those received.</summary>
    public long Unselected { get; init; }

    /// <summary>Ticks that the event hub has acknowledged.</summary>
    public long Archived { get; init; }

    /// <summary>Records that the event hub has acknowledged.</summary>
    public long ArchivedRecords { get; init; }

    /// <summary>Records that it has not acknowledged yet.</summary>
    public required long InFlight { get; init; }

    /// <summary>How long ticks of the last seconds took.</summary>
    public CollectorLatency? Latency { get; init; }

    /// <summary>Bytes of frames that wait to be decoded.</summary>
    public long QueuedBytes { get; init; }

    /// <summary>Bytes above which the sockets are not read: the feed lags and may end the session, an outage.</summary>
    public long QueuedBytesLimit { get; init; }

    /// <summary>Ticks kept though the ask is below the bid.</summary>
    public long Crossed { get; init; }

    /// <summary>Ticks kept though older than the age limit.</summary>
    public long Late { get; init; }

    /// <summary>Ticks kept though ahead of the clock.</summary>
    public long Future { get; init; }

    /// <summary>The accepted ticks, by symbol.</summary>
    public required IReadOnlyDictionary<string, SymbolStatus> Symbols { get; init; } = ReadOnlyDictionary<string, SymbolStatus>.Empty;
}

/// <summary>How long ticks of the last seconds took; null where none came.</summary>
/// <param name="ExchangeToReceive">
/// From the feed's own time to their receipt, by this machine's clock; null also where recorded ticks keep the times of their day.
/// </param>
/// <param name="ReceiveToArchive">From their receipt to the event hub's acknowledgement of the record that they begin.</param>
public sealed record CollectorLatency(HopLatency? ExchangeToReceive, HopLatency? ReceiveToArchive);

/// <summary>How many ticks took how long since the start of the process: <c>/api/v1/latency</c>.</summary>
/// <param name="ReceiveToArchive">As in <see cref="CollectorLatency"/>: a record's ticks by its first one, of the live feed alone.</param>
public sealed record CollectorLatencyCounts(IReadOnlyList<LatencyCount> ReceiveToArchive);

/// <summary>The times without a session with a market that are over.</summary>
/// <param name="Ms">How long in all, in ms: each from the last message before to the next session.</param>
public sealed record OutageStatus(long Count, long Ms);

/// <summary>REST requests that the server refused as too many (429).</summary>
/// <param name="LastMs">When the last one was, Unix ms, UTC; null when there was none.</param>
public sealed record RateLimitStatus(long Violations, long? LastMs);

/// <summary>The accepted ticks of one symbol.</summary>
/// <param name="Sum">The wrapping 64-bit sum of their identities, as 16 hex digits.</param>
/// <param name="LastTickAgeMs">How long ago the last one was received, in ms.</param>
public sealed record SymbolStatus(long Received, string Sum = "", long LastTickAgeMs = 0);
