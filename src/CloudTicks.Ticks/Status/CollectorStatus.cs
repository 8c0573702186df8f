using System.Collections.ObjectModel;
using CloudTicks.Ticks.Measures;

namespace CloudTicks.Ticks.Status;

/// <summary>
/// What a collector has done since its start: <c>GET /api/v1/status</c>, in snake_case. Every version sends the required members; the
/// others have a default, because older collectors do not send them.
/// </summary>
public sealed record CollectorStatus
{
    /// <summary>The feed: <c>simulated</c> or <c>polygon</c>.</summary>
    public required string Feed { get; init; } = "";

    /// <summary>Whether every required connection has an authenticated session, by market.</summary>
    public required IReadOnlyDictionary<string, bool> Connected { get; init; } = ReadOnlyDictionary<string, bool>.Empty;

    /// <summary>Why the server permanently refused a market's connections, by market.</summary>
    public required IReadOnlyDictionary<string, string> Refused { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>The finished outages, by market. The collector did not receive the ticks of these times live.</summary>
    public required IReadOnlyDictionary<string, OutageStatus> Outages { get; init; } =
        ReadOnlyDictionary<string, OutageStatus>.Empty;

    /// <summary>The connections of each market, and its missing or refused channels.</summary>
    public required IReadOnlyDictionary<string, MarketFeedStatus> Connections { get; init; } =
        ReadOnlyDictionary<string, MarketFeedStatus>.Empty;

    /// <summary>The selected symbols, and whether they match the configuration.</summary>
    public SelectionStatus? Selection { get; init; }

    /// <summary>Counts of gaps, in which ticks may be missing.</summary>
    public GapStatus Gaps { get; init; } = new(0, 0, 0, 0, null, 0, 0, 0);

    /// <summary>REST requests that the server refused with 429.</summary>
    public required RateLimitStatus RateLimit { get; init; } = new(0, null);

    /// <summary>The collector's membership in a group of collectors; null without a group.</summary>
    public ReplicaStatus? Replica { get; init; }

    /// <summary>Channels without ticks in trading hours, although the collector reconnected.</summary>
    public required IReadOnlyList<string> Stale { get; init; } = [];

    /// <summary>For how long the event hub has acknowledged none of the waiting records, in ms; null while it acknowledges them.</summary>
    public required long? HubAwayMs { get; init; }

    /// <summary>Why the event hub acknowledges nothing, with its error message if it responds; null while it acknowledges.</summary>
    public string? HubAwayReason { get; init; }

    /// <summary>The records on disk that wait for the event hub; null before the first connection to it.</summary>
    public required SpoolStatus? Spool { get; init; }

    /// <summary>The destination of the records; null before the collector has opened it.</summary>
    public OutletStatus? Outlet { get; init; }

    /// <summary>When the first accepted tick was received, Unix ms, UTC; null before that.</summary>
    public long? FirstTickMs { get; init; }

    /// <summary>Ticks received, including rejected ones.</summary>
    public required long Received { get; init; }

    /// <summary>Ticks that were stored as dead letters, by reason; reasons without ticks are absent.</summary>
    public IReadOnlyDictionary<string, long> Rejected { get; init; } = ReadOnlyDictionary<string, long>.Empty;

    /// <summary>The sum of <see cref="Rejected"/>, without repeated ticks.</summary>
    public long RejectedDistinct { get; init; }

    /// <summary>Events that are not collected, by type.</summary>
    public IReadOnlyDictionary<string, long> Ignored { get; init; } = ReadOnlyDictionary<string, long>.Empty;

    /// <summary>Ticks of symbols or kinds that are not selected. They are skipped and not counted as received.</summary>
    public long Unselected { get; init; }

    /// <summary>Ticks that the event hub has acknowledged.</summary>
    public long Archived { get; init; }

    /// <summary>Records that the event hub has acknowledged.</summary>
    public long ArchivedRecords { get; init; }

    /// <summary>Records that the event hub has not acknowledged yet.</summary>
    public required long InFlight { get; init; }

    /// <summary>Latency over the last few seconds.</summary>
    public CollectorLatency? Latency { get; init; }

    /// <summary>Bytes of frames that wait to be decoded.</summary>
    public long QueuedBytes { get; init; }

    /// <summary>
    /// The number of queued bytes above which the collector stops reading its sockets; the feed may then end the session.
    /// </summary>
    public long QueuedBytesLimit { get; init; }

    /// <summary>Accepted ticks with an ask below the bid.</summary>
    public long Crossed { get; init; }

    /// <summary>Accepted ticks older than the age limit.</summary>
    public long Late { get; init; }

    /// <summary>Accepted ticks too far ahead of the clock.</summary>
    public long Future { get; init; }

    /// <summary>Accepted ticks, by symbol.</summary>
    public required IReadOnlyDictionary<string, SymbolStatus> Symbols { get; init; } = ReadOnlyDictionary<string, SymbolStatus>.Empty;
}

/// <summary>Latency over the last few seconds; null where no tick arrived.</summary>
/// <param name="ExchangeToReceive">
/// From the feed's time to the receipt, by this machine's clock; null also for recorded ticks that keep their original times.
/// </param>
/// <param name="ReceiveToArchive">From the receipt of a record's first tick to the event hub's acknowledgement.</param>
public sealed record CollectorLatency(HopLatency? ExchangeToReceive, HopLatency? ReceiveToArchive);

/// <summary>Latency histograms since the start of the process: <c>/api/v1/latency</c>.</summary>
/// <param name="ReceiveToArchive">
/// As in <see cref="CollectorLatency"/>: all ticks of a live record count with the latency of its first tick.
/// </param>
public sealed record CollectorLatencyCounts(IReadOnlyList<LatencyCount> ReceiveToArchive);

/// <summary>The finished outages of a market since the start.</summary>
/// <param name="Ms">Total duration in ms. Each outage lasts from the last message before it to the next session.</param>
public sealed record OutageStatus(long Count, long Ms);

/// <summary>REST requests that the server refused with 429, Too Many Requests.</summary>
/// <param name="LastMs">When the last request was refused, Unix ms, UTC; null if none was.</param>
public sealed record RateLimitStatus(long Violations, long? LastMs);

/// <summary>Accepted ticks of one symbol.</summary>
/// <param name="Sum">The wrapping 64-bit sum of the ticks' identities, as 16 hex digits.</param>
/// <param name="LastTickAgeMs">How long ago the last tick was received, in ms.</param>
public sealed record SymbolStatus(long Received, string Sum = "", long LastTickAgeMs = 0);
