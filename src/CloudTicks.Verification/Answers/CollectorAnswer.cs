namespace CloudTicks.Verification.Answers;

/// <summary>What a collector says of itself (<c>GET /api/v1/status</c>), as far as it is asked for here.</summary>
internal sealed record CollectorAnswer(
    string Feed,
    IReadOnlyDictionary<string, bool> Connected,
    IReadOnlyDictionary<string, string> Refused,
    IReadOnlyDictionary<string, OutageAnswer> Outages,
    IReadOnlyDictionary<string, MarketAnswer> Connections,
    IReadOnlyList<string> Stale,
    long? HubAwayMs,
    SpoolAnswer? Spool,
    RateLimitAnswer RateLimit,
    long Received,
    long InFlight,
    IReadOnlyDictionary<string, SymbolAnswer> Symbols,
    long? FirstTickMs = null);

/// <summary>Times without a session.</summary>
internal sealed record OutageAnswer(long Count, long Ms);

/// <summary>The connections of a market.</summary>
internal sealed record MarketAnswer(
    IReadOnlyList<ConnectionAnswer> Connections,
    IReadOnlyList<string> Missing,
    IReadOnlyDictionary<string, string> Refused,
    IReadOnlyList<string> LeftOut,
    int? LearntLimit);

/// <summary>One connection.</summary>
internal sealed record ConnectionAnswer(int Slot, string State, long SinceMs, int Wanted, int Acknowledged, long? LastMessageAgeMs);

/// <summary>What waits on disk.</summary>
internal sealed record SpoolAnswer(string State, long Records, long? OldestMs, long RefusedTicks, long ConflatedTicks);

/// <summary>Requests that were refused as too many.</summary>
internal sealed record RateLimitAnswer(long Violations, long? LastMs);

/// <summary>What came of a symbol.</summary>
internal sealed record SymbolAnswer(long Received);
