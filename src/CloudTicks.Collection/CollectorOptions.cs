using System.ComponentModel.DataAnnotations;
using CloudTicks.Collection.Feeds;
using CloudTicks.Collection.Symbols;

namespace CloudTicks.Collection;

/// <summary>What is collected: the section <c>Collector</c>.</summary>
public sealed record CollectorOptions
{
    /// <summary>The pairs that are collected when nothing else is said.</summary>
    public static readonly IReadOnlyList<string> DefaultSymbols =
    [
        "EURUSD", "XAUUSD", "GBPUSD", "USDJPY", "AUDUSD", "USDCAD", "NZDUSD", "EURGBP", "EURJPY", "GBPJPY", "AUDJPY", "NZDJPY", "USDCHF",
        "XAGUSD",
    ];

    /// <summary>
    /// The symbols, in any of their forms (<c>EURUSD</c>, <c>EUR/USD</c>, <c>AAPL</c>, <c>X:BTC-USD</c>); also one text with commas.
    /// <see cref="DefaultSymbols"/> when there are none.
    /// </summary>
    public SymbolNames? Symbols { get; init; }

    /// <summary>Quotes, trades or both; by default quotes of currencies and metals, which have no others, else both.</summary>
    public FeedSelection? Feed { get; init; }

    /// <summary>Whose ticks they are; a stream holds ticks of one feed only.</summary>
    public FeedName FeedName { get; init; } = FeedName.Polygon;

    /// <summary>Whether ticks older than 3 days, or more than a minute ahead of the clock, are marked; off for recorded times.</summary>
    public bool AgeCheck { get; init; } = true;

    /// <summary>Whether crossed quotes of currencies and metals are refused, not kept with a flag; default false.</summary>
    public bool RefuseCrossedCurrencies { get; init; }

    /// <summary>Named lists, such as <c>sp-500</c> or <c>all</c>; also one text with commas. Added to <see cref="Symbols"/>.</summary>
    public SymbolNames? Lists { get; init; }

    /// <summary>YAML files of symbols; also one text with commas. Added to <see cref="Symbols"/>.</summary>
    public FileNames? SymbolFiles { get; init; }

    /// <summary>A folder with the user's lists, <c>NAME.yaml</c>; they replace those of the same name that come with the program.</summary>
    public string? ListFolder { get; init; }

    /// <summary>Shares whose option contracts are collected; also one text with commas.</summary>
    public SymbolNames? Underlyings { get; init; }

    /// <summary>Symbols that feature flags turn on, from the central hub's document. Added to <see cref="Symbols"/>.</summary>
    public RolloutSettings? Rollouts { get; init; }

    /// <summary>Contracts that expire later than this many days from today are left out, 0 to 1,100, 30 by default.</summary>
    [Range(0, 1_100)]
    public int MaxExpiryDays { get; init; } = 30;

    /// <summary>Calls, puts or both.</summary>
    public OptionSelection OptionType { get; init; } = OptionSelection.Both;

    /// <summary>
    /// How long a tick may wait for company before its record goes, 0 to 60 s; by default not at all after a pause and up to 5 ms
    /// while ticks keep coming; on Event Hubs, which meters records, 2 ms and as much longer as it takes
    /// (<see cref="EventStream.Pacing.AdaptiveLinger"/>), up to 250 ms; 1 s with <see cref="DbServer"/>.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan? BatchInterval { get; init; }

    /// <summary>
    /// Where the spool, the ledger of gaps and what was learnt of limits are kept; by default <c>cloudticks/collector-FEED</c> in the
    /// user's state folder (<c>XDG_STATE_HOME</c>, <c>~/.local/state</c>). One collector at a time may use it.
    /// </summary>
    public string? DataFolder { get; init; }

    /// <summary>How long a start waits for another collector to leave <see cref="DataFolder"/>, 0 to 1 day; 0 by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan DataFolderWait { get; init; }

    /// <summary>
    /// A server that takes ticks over HTTP in place of the event hub, <c>host:port</c>: <c>POST /db_command</c>, a request for each ticker,
    /// kind and batch.
    /// </summary>
    public string? DbServer { get; init; }

    /// <summary>Bytes of ticks that may wait on disk while the event hub is away, 16 MiB to 1 TiB, 10 GiB by default.</summary>
    [Range(16L << 20, 1L << 40)]
    public long SpoolMaxBytes { get; init; } = 10L << 30;

    /// <summary>Whether gaps are filled over REST by themselves; they are written down in any case.</summary>
    public bool Backfill { get; init; } = true;

    /// <summary>
    /// How long a gap waits after its end before Polygon is asked for it, 0 to 1 h, 15 s by default: REST lags behind the feed. More than a
    /// quarter of an hour with a delayed plan.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan BackfillDelay { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How often Polygon is asked for a gap whose known missing ticks do not come back, 1 to 100, 8 by default: after pauses that double
    /// from
    /// 15 s, so for half an hour. Then it is unfillable.
    /// </summary>
    [Range(1, 100)]
    public int BackfillTries { get; init; } = 8;

    /// <summary>What is missing from longer ago is not fetched, 0 to 30 days, 3 by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00")]
    public TimeSpan BackfillLookBack { get; init; } = TimeSpan.FromDays(3);

    /// <summary>The feed waits for a slow event hub or a full disk, as a simulator's replay can; a live feed must not.</summary>
    public bool FeedWaits { get; init; }

    /// <summary>The consumer group in which collectors share the symbols; empty for one alone.</summary>
    public string? Group { get; init; }

    /// <summary>
    /// This collector's own name in <see cref="Group"/>, so that it finds its symbols again after a restart; the host's name and a hash of
    /// <see cref="DataFolder"/> by default.
    /// </summary>
    public string? InstanceId { get; init; }
}
