namespace CloudTicks.Simulator.Faults;

internal static class FaultCatalog
{
    public const string Evict = "evict";
    public const string ConnectionLimit = "connection-limit";
    public const string Drop = "drop";
    public const string AuthFailure = "auth-failure";
    public const string Refuse = "refuse";
    public const string ChannelLimit = "channel-limit";
    public const string Ignore = "ignore";
    public const string Mixed = "mixed";
    public const string Silence = "silence";
    public const string Dead = "dead";
    public const string SlowConsumer = "slow-consumer";
    public const string Duplicate = "duplicate";
    public const string RepeatSequence = "repeat-sequence";
    public const string BackwardSequence = "backward-sequence";
    public const string OneSided = "one-sided";
    public const string Numbers = "numbers";
    public const string HugeFrame = "huge-frame";
    public const string BrokenFrame = "broken-frame";
    public const string RestLoop = "rest-loop";
    public const string RestStatus = "rest-status";
    public const string RestSlow = "rest-slow";
    public const string MarketStatus = "market-status";

    public const string When = "when";
    public const string How = "how";
    public const string Limit = "limit";
    public const string Which = "which";
    public const string Bytes = "bytes";
    public const string BytesPerSecond = "bytes_per_second";
    public const string By = "by";
    public const string Side = "side";
    public const string Reason = "reason";
    public const string Message = "message";
    public const string Path = "path";
    public const string Status = "status";
    public const string RetryAfter = "retry_after";
    public const string Body = "body";
    public const string Delay = "delay";

    private const long OneMiB = 1 << 20;

    public static readonly IReadOnlyDictionary<string, FaultKind> Kinds =
        OfSessions().Concat(OfTicks()).Concat(OfRest()).ToDictionary(kind => kind.Name);

    private static IEnumerable<FaultKind> OfSessions() =>
    [
        new(Evict, "The server sends status max_connections and ends the connection.", "connection", false,
            FaultParameter.Word(When, "auth", "acks", "now"), FaultParameter.Word(How, "close", "abort")),
        new(ConnectionLimit, "Authenticated connections above a market's limit are evicted; existing ones immediately.", "connection",
            false,
            FaultParameter.Number(Limit, 1, 0, 10_000), FaultParameter.Word(When, "auth", "acks"),
            FaultParameter.Word(How, "close", "abort"),
            FaultParameter.Word(Which, "newest", "oldest")),
        new(Drop, "The TCP connection breaks without a close frame.", "connection", false,
            FaultParameter.Word(When, "now", "connect", "auth", "acks")),
        new(AuthFailure, "Authentication fails with status auth_failed, for the key or the plan, without a close frame.", "message", false,
            FaultParameter.Word(Reason, "key", "plan")),
        new(Refuse,
            "Subscriptions are refused with status error: whole messages (how: frame), or only the fault's symbols in them (how: channel).",
            "message", true,
            FaultParameter.Word(How, "frame", "channel"), FaultParameter.Text(Message, "not authorized")),
        new(ChannelLimit, "A message that would exceed a connection's channel limit is refused completely, with an error per channel.",
            "message", false,
            FaultParameter.Number(Limit, 10, 0, 1_000_000)),
        new(Ignore, "Subscriptions are not acknowledged, and their ticks are not sent.", "message", true),
        new(Mixed, "Statuses are sent in one frame with ticks.", "connection", false) { IsState = true },
        new(Silence, "No ticks are sent, but pings are answered.", "connection", true) { IsState = true },
        new(Dead, "Nothing is read or sent: neither pongs nor ticks.", "connection", false) { IsState = true },
        new(SlowConsumer,
            "Frames that the client has not read are buffered; when the buffer is full, the connection breaks.", "connection", false,
            FaultParameter.Number(Bytes, OneMiB, 1, 1024 * OneMiB),
            FaultParameter.Number(BytesPerSecond, 0, 0, 1024 * OneMiB)) { IsState = true },
    ];

    private static IEnumerable<FaultKind> OfTicks() =>
    [
        new(Duplicate, "An event is sent twice.", "tick", true),
        new(RepeatSequence, "A tick has the same sequence number as the previous tick.", "tick", true) { AffectsConnections = false },
        new(BackwardSequence,
            "A tick has a lower sequence number than the previous tick.", "tick", true, FaultParameter.Number(By, 10, 1, 1_000_000))
        {
            AffectsConnections = false,
        },
        new(OneSided, "A quote has only one side; the other is absent or zero.", "tick", true,
            FaultParameter.Word(Side, "bid", "ask"), FaultParameter.Word(How, "absent", "zero")) { AffectsConnections = false },
        new(Numbers, "Numbers in events are written with exponents or as strings.", "tick", true,
            FaultParameter.Word(How, "exponent", "string")),
        new(HugeFrame, "A frame of ticks is padded to the given size with an event of an unknown type.", "frame", false,
            FaultParameter.Number(Bytes, 5 * OneMiB, 1, 256 * OneMiB)),
        new(BrokenFrame,
            "A frame is truncated, is not UTF-8, has meaningless elements around the ticks, or is cut off by the end of the connection.",
            "frame", false,
            FaultParameter.Word(How, "truncated", "utf8", "garbage", "wire")),
    ];

    private static IEnumerable<FaultKind> OfRest() =>
    [
        new(RestLoop, "The next_url of a page is the page's own address.", "request", true, FaultParameter.Text(Path, "/"))
        {
            AffectsConnections = false,
        },
        new(RestStatus, "The response to a request is an error.", "request", true, FaultParameter.Number(Status, 429, 400, 599),
            FaultParameter.Number(RetryAfter, -1, -1, 86_400), FaultParameter.Word(Body, "json", "empty"), FaultParameter.Text(Path, "/"))
            {
                AffectsConnections = false,
            },
        new(RestSlow, "The response to a request is delayed.", "request", true,
            FaultParameter.Duration(Delay, TimeSpan.FromSeconds(1)), FaultParameter.Text(Path, "/")) { AffectsConnections = false },
        new(MarketStatus,
            "/v1/marketstatus/now reports this status for the market, or for all markets; ticks are still sent.", "request", false,
            FaultParameter.Word(Status, "closed", "extended-hours", "open")) { AffectsConnections = false },
    ];
}
