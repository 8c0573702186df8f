using CloudTicks.Timescale.Queries;

namespace CloudTicks.Verification;

/// <summary>Compares what the feed sent, what stands in the archive and in the table, and what came over NATS.</summary>
/// <param name="feed">What the feed says, by symbol; null for a feed that does not say.</param>
/// <param name="collector">What the collector says.</param>
internal sealed class RunComparison(IReadOnlyDictionary<string, FeedCounts>? feed, CollectorCounts collector)
{
    private readonly SortedDictionary<string, SymbolTally> _symbols = new(StringComparer.Ordinal);
    private readonly List<string> _problems = [];
    private readonly LatencyHistogram _rowLatency = new();
    private DeadLetterCount _deadLetters = new(0, 0);

    public void AddUnread(string group, long records)
    {
        if (records > 0)
        {
            Problem($"Consumer group {group} stands still with {records} records of the archive unread.");
        }
    }

    public void Add(DeadLetterCount deadLetters)
    {
        _deadLetters = deadLetters;
        if (deadLetters.Records > 0)
        {
            Problem($"{deadLetters.Records} records of the archive could not be decoded; they lie in the dead letters.");
        }
    }

    /// <summary>Adds one partition of the archive, and compares its ticks with the table and with what was seen on NATS.</summary>
    public async Task AddAsync(ArchivedTicks ticks, TickQueries queries, SubscriberTally subscriber, CancellationToken cancellationToken)
    {
        if (ticks.Count == 0)
        {
            return;
        }

        foreach (var (symbol, counts) in ticks.BySymbol)
        {
            var tally = Tally(symbol);
            foreach (var (key, times) in counts)
            {
                if (ticks.IsAdded(key))
                {
                    tally.Added++;
                    tally.AddedPublished += subscriber.Saw(key.Identity) ? 1 : 0;
                    continue;
                }

                tally.Archived += times;
                tally.ArchivedDistinct++;
                tally.ArchivedSum += key.Identity;
                tally.Published += subscriber.Saw(key.Identity) ? 1 : 0;
            }
        }

        await foreach (var row in queries.ReadAsync([.. ticks.BySymbol.Keys], ticks.FirstMs, ticks.LastMs + 1, cancellationToken))
        {
            var key = new TickKey(row.TimestampMs, row.Identity);
            if (ticks.IsAdded(key))
            {
                Tally(row.Symbol).AddedStored++;
            }
            else if (ticks.BySymbol[row.Symbol].ContainsKey(key))
            {
                var tally = Tally(row.Symbol);
                tally.Stored++;
                tally.StoredSum += row.Identity;
                AddLatency(row);
            }
        }
    }

    public RunReport ToReport(double seconds, SubscriberTally subscriber, long dropped)
    {
        foreach (var (symbol, counts) in feed ?? new Dictionary<string, FeedCounts>())
        {
            Tally(symbol).Feed = counts;
        }

        var archived = _symbols.Values.Sum(tally => tally.Archived);
        var rejected = collector.Rejected.Values.Sum();
        // A feed that does not say what it sent has sent what arrived; the archive may know of more than the collector's last word.
        var received = Math.Max(collector.Received, feed is null ? archived + rejected : 0);
        var sent = feed?.Values.Sum(counts => counts.Sent) ?? received;
        var archivedDistinct = _symbols.Values.Sum(tally => tally.ArchivedDistinct);
        var sentDistinct = feed?.Values.Sum(counts => counts.Distinct) ?? archivedDistinct + _deadLetters.RejectedDistinct;
        var stored = _symbols.Values.Sum(tally => tally.Stored);
        var lost = sentDistinct - _deadLetters.RejectedDistinct - stored;
        FindProblems(sent, received, rejected, archived, lost);
        FindProblemsOfSymbols(rejected);
        if (subscriber.Overflowed > 0 || subscriber.Unreadable > 0 || dropped > 0)
        {
            Problem($"Our NATS subscriber could not keep {subscriber.Overflowed}, not read {subscriber.Unreadable} and dropped {dropped} messages.");
        }

        return new RunReport
        {
            Seconds = seconds,
            FeedSent = sent,
            Received = received,
            Rejected = collector.Rejected,
            Archived = archived,
            Stored = stored,
            Published = _symbols.Values.Sum(tally => tally.Published),
            Duplicates = sent - sentDistinct,
            Lost = lost,
            RowLatency = _rowLatency.Summarise(),
            NatsLatency = subscriber.Latency(),
            Symbols = _symbols.Where(symbol => symbol.Value.Feed is not null || symbol.Value.Archived > 0).ToDictionary(
                symbol => symbol.Key,
                symbol => new SymbolReport(symbol.Value.Feed?.Sent ?? symbol.Value.Archived, symbol.Value.Stored, symbol.Value.Published)),
            Problems = _problems,
        };
    }

    private void FindProblems(long sent, long received, long rejected, long archived, long lost)
    {
        if (sent == 0)
        {
            Problem("The feed sent no tick.");
        }

        if (received != sent)
        {
            Problem($"The feed sent {sent} ticks, the collector read {received}.");
        }

        if (archived < received - rejected)
        {
            Problem($"The collector accepted {received - rejected} ticks, the archive has {archived}.");
        }

        if (lost != 0)
        {
            Problem($"{lost} ticks were sent, but are not in the table.");
        }
    }

    private void FindProblemsOfSymbols(long rejected)
    {
        foreach (var (symbol, tally) in _symbols)
        {
            if (tally.Stored != tally.ArchivedDistinct || tally.StoredSum != tally.ArchivedSum)
            {
                Problem($"{symbol}: the archive has {tally.ArchivedDistinct} distinct ticks, the table {tally.Stored} of them.");
            }

            if (tally.Published != tally.ArchivedDistinct)
            {
                Problem($"{symbol}: the archive has {tally.ArchivedDistinct} distinct ticks, our NATS subscriber saw {tally.Published} of them.");
            }

            if (tally.AddedStored != tally.Added || tally.AddedPublished != tally.Added)
            {
                Problem($"{symbol}: {tally.Added} ticks were added by a command, the table has {tally.AddedStored} of them, our NATS subscriber saw {tally.AddedPublished}.");
            }

            // With refused ticks the sums differ; then only the counts can be compared.
            if (rejected == 0 && tally.Feed is { } counts && (counts.Distinct != tally.ArchivedDistinct || counts.DistinctSum != tally.ArchivedSum))
            {
                Problem($"{symbol}: the feed sent {counts.Distinct} distinct ticks (sum {counts.DistinctSum:x16}), "
                    + $"the archive has {tally.ArchivedDistinct} (sum {tally.ArchivedSum:x16}).");
            }
        }
    }

    private void AddLatency(StoredTick row)
    {
        if (row.CommittedMs is { } committed)
        {
            _rowLatency.Add(committed - row.ReceivedMs);
        }
    }

    private SymbolTally Tally(string symbol)
    {
        if (!_symbols.TryGetValue(symbol, out var tally))
        {
            _symbols.Add(symbol, tally = new SymbolTally());
        }

        return tally;
    }

    private void Problem(string sentence) => _problems.Add(sentence);

    private sealed class SymbolTally
    {
        public FeedCounts? Feed { get; set; }

        public long Archived { get; set; }

        public long ArchivedDistinct { get; set; }

        public ulong ArchivedSum { get; set; }

        public long Stored { get; set; }

        public ulong StoredSum { get; set; }

        public long Published { get; set; }

        /// <summary>Distinct ticks that are not the feed's: they came by a command, and are compared for themselves.</summary>
        public long Added { get; set; }

        public long AddedStored { get; set; }

        public long AddedPublished { get; set; }
    }
}
