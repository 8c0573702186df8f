using System.ComponentModel.DataAnnotations;
using CloudTicks.Collection.Feeds;
using CloudTicks.Collection.Symbols;

namespace CloudTicks.Collection;

/// <summary>The settings that select ticks and control their collection, section <c>Collector</c>.</summary>
public sealed record CollectorOptions
{
    /// <summary>The pairs of currencies and metals that are collected if no setting selects symbols.</summary>
    public static readonly IReadOnlyList<string> DefaultSymbols =
    [
        "EURUSD", "XAUUSD", "GBPUSD", "USDJPY", "AUDUSD", "USDCAD", "NZDUSD", "EURGBP", "EURJPY", "GBPJPY", "AUDJPY", "NZDJPY", "USDCHF",
        "XAGUSD",
    ];

    /// <summary>
    /// The symbols to collect, in any of their forms (<c>EURUSD</c>, <c>EUR/USD</c>, <c>AAPL</c>, <c>X:BTC-USD</c>), as a list or as
    /// comma-separated text. Default: <see cref="DefaultSymbols"/>, unless another setting selects symbols.
    /// </summary>
    public SymbolNames? Symbols { get; init; }

    /// <summary>
    /// The kinds of ticks to collect: quotes, trades or both. Default: both, but only quotes for currencies and metals, which have no
    /// trades.
    /// </summary>
    public FeedSelection? Feed { get; init; }

    /// <summary>The feed that the ticks come from, default polygon. A stream holds ticks of one feed only.</summary>
    public FeedName FeedName { get; init; } = FeedName.Polygon;

    /// <summary>
    /// Whether to flag ticks older than 3 days or more than a minute ahead of the clock, default true. Turn it off for replayed ticks.
    /// </summary>
    public bool AgeCheck { get; init; } = true;

    /// <summary>Whether to reject crossed quotes of currencies and metals instead of flagging them, default false.</summary>
    public bool RefuseCrossedCurrencies { get; init; }

    /// <summary>
    /// Named symbol lists, such as <c>sp-500</c> or <c>all</c>, as a list or as comma-separated text. Added to <see cref="Symbols"/>.
    /// </summary>
    public SymbolNames? Lists { get; init; }

    /// <summary>YAML files of symbols, as a list or as comma-separated text. Added to <see cref="Symbols"/>.</summary>
    public FileNames? SymbolFiles { get; init; }

    /// <summary>A folder of custom symbol lists, <c>NAME.yaml</c>. They override built-in lists of the same name.</summary>
    public string? ListFolder { get; init; }

    /// <summary>Stocks whose option contracts are collected, as a list or as comma-separated text.</summary>
    public SymbolNames? Underlyings { get; init; }

    /// <summary>Symbols that the feature flags of the central hub's document enable. Added to <see cref="Symbols"/>.</summary>
    public RolloutSettings? Rollouts { get; init; }

    /// <summary>The maximum days until expiry of collected option contracts, 0 to 1,100, default 30.</summary>
    [Range(0, 1_100)]
    public int MaxExpiryDays { get; init; } = 30;

    /// <summary>Which option contracts are collected: calls, puts or both (default).</summary>
    public OptionSelection OptionType { get; init; } = OptionSelection.Both;

    /// <summary>
    /// How long a tick may wait before its record is sent, 0 to 60 s. By default the first tick after a pause is sent immediately, and
    /// rounds of records follow 10 to 16 ms apart. On Event Hubs, which meters records, the default adapts between 2 and 250 ms
    /// (<see cref="EventStream.Pacing.AdaptiveLinger"/>). With <see cref="DbServer"/>, the default is 1 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan? BatchInterval { get; init; }

    /// <summary>
    /// The folder that holds the spool, the gap ledger and the learnt connection limits. Default: <c>cloudticks/collector-FEED</c> in the
    /// user's state folder (<c>XDG_STATE_HOME</c>, <c>~/.local/state</c>). Only one collector at a time may use it.
    /// </summary>
    public string? DataFolder { get; init; }

    /// <summary>How long startup waits for another collector to release <see cref="DataFolder"/>, 0 to 1 day, default 0.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan DataFolderWait { get; init; }

    /// <summary>
    /// An HTTP server that receives the ticks in place of the event hub, as <c>host:port</c>: one <c>POST /db_command</c> per ticker, kind
    /// and batch.
    /// </summary>
    public string? DbServer { get; init; }

    /// <summary>Maximum bytes of records on disk while the event hub is unavailable, 16 MiB to 1 TiB, default 10 GiB.</summary>
    [Range(16L << 20, 1L << 40)]
    public long SpoolMaxBytes { get; init; } = 10L << 30;

    /// <summary>Whether gaps are filled over REST automatically, default true. They are recorded either way.</summary>
    public bool Backfill { get; init; } = true;

    /// <summary>
    /// The delay between the end of a gap and its fetch, 0 to 1 h, default 15 s, because REST lags behind the feed. A Polygon plan with
    /// delayed data needs more than 15 minutes.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan BackfillDelay { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Maximum number of fetches of a gap for which REST returns fewer ticks than are known to be missing, 1 to 100, default 8. The pauses
    /// between fetches double, starting at 15 s, so 8 fetches take half an hour. After the last fetch the gap is unfillable.
    /// </summary>
    [Range(1, 100)]
    public int BackfillTries { get; init; } = 8;

    /// <summary>The maximum age of ticks that are fetched over REST, 0 to 30 days, default 3.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00")]
    public TimeSpan BackfillLookBack { get; init; } = TimeSpan.FromDays(3);

    /// <summary>
    /// Whether the feed waits for a slow event hub or a full disk, default false. For replays only; a live feed cannot wait.
    /// </summary>
    public bool FeedWaits { get; init; }

    /// <summary>The consumer group in which several collectors share the symbols; empty (default) for a single collector.</summary>
    public string? Group { get; init; }

    /// <summary>
    /// This collector's name in <see cref="Group"/>. A collector that restarts with the same name keeps its symbols. Default: the host's
    /// name and a hash of <see cref="DataFolder"/>.
    /// </summary>
    public string? InstanceId { get; init; }
}
