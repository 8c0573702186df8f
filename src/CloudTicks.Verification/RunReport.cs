namespace CloudTicks.Verification;

/// <summary>What happened to the ticks of one run.</summary>
public sealed record RunReport
{
    /// <summary>True when it is proved that no tick is lost, archive and table agree, and every tick was published.</summary>
    public bool Ok => Problems.Count == 0;

    /// <summary>The time from the first tick to the end of the feed, in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>Ticks that the feed sent, repeats included; received ticks for a feed without counts.</summary>
    public required long FeedSent { get; init; }

    /// <summary>Ticks that the collector read.</summary>
    public required long Received { get; init; }

    /// <summary>Ticks that the collector refused, by reason.</summary>
    public required IReadOnlyDictionary<string, long> Rejected { get; init; }

    /// <summary>Ticks of the run in the archive, repeats included.</summary>
    public required long Archived { get; init; }

    /// <summary>Distinct ticks of the run that are in the table.</summary>
    public required long Stored { get; init; }

    /// <summary>Distinct ticks of the run that our own subscriber saw on NATS.</summary>
    public required long Published { get; init; }

    /// <summary>The number of repeats among the sent ticks.</summary>
    public required long Duplicates { get; init; }

    /// <summary>Distinct ticks expected (<see cref="Made"/>), minus distinct ticks refused, minus those stored.</summary>
    public required long Lost { get; init; }

    /// <summary>
    /// Distinct ticks of selected symbols that the market generated, with or without a session; for a feed without counts, ticks that
    /// arrived.
    /// </summary>
    public required long Made { get; init; }

    /// <summary>Distinct ticks of the run that were only fetched over REST.</summary>
    public required long Recovered { get; init; }

    /// <summary>Distinct ticks in the archive that our own NATS subscriber missed because it, or a NATS server, was disconnected.</summary>
    public required long MissedBySubscriber { get; init; }

    /// <summary>Events of the run, such as restarts and gaps.</summary>
    public RunCircumstances Circumstances { get; init; } = new();

    /// <summary>Notes that explain the figures, a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The delay from the WebSocket read to the commit time recorded by the database.</summary>
    public required LatencySummary RowLatency { get; init; }

    /// <summary>The delay from the WebSocket read to our NATS subscriber.</summary>
    public required LatencySummary NatsLatency { get; init; }

    /// <summary>Reports by symbol, ordered by name.</summary>
    public required IReadOnlyDictionary<string, SymbolReport> Symbols { get; init; }

    /// <summary>The problems, a sentence each.</summary>
    public required IReadOnlyList<string> Problems { get; init; }
}

/// <summary>What happened to the ticks of one symbol.</summary>
/// <param name="FeedSent">Ticks that the feed sent, repeats included; archived ticks for a feed without counts.</param>
/// <param name="Stored">Distinct ticks in the table.</param>
/// <param name="Published">Distinct ticks seen on NATS.</param>
public sealed record SymbolReport(long FeedSent, long Stored, long Published);
