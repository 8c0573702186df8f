using CloudTicks.Ticks.Identity;
using CloudTicks.Timescale.Queries;

namespace CloudTicks.Verification;

/// <summary>Compares the feed's ticks with archive, table and NATS.</summary>
internal sealed class RunComparison(
    IReadOnlyDictionary<string, FeedCounts>? feed, CollectorCounts collector, RunCircumstances circumstances, long? natsOutageEndMs)
{
    private readonly SortedDictionary<string, SymbolTally> _symbols = new(StringComparer.Ordinal);
    private readonly List<string> _problems = [.. circumstances.Problems];
    private readonly LatencyHistogram _rowLatency = new();
    private DeadLetterCount _deadLetters = new(0, 0);

    public void AddUnread(string group, long records)
    {
        if (records > 0)
        {
            AddProblem($"Consumer group {group} is making no progress: {records} records of the archive are unread.");
        }
    }

    public void Add(DeadLetterCount deadLetters)
    {
        _deadLetters = deadLetters;
        if (deadLetters.Records > 0)
        {
            AddProblem($"{deadLetters.Records} records of the archive could not be decoded; they are in the dead letters.");
        }
    }

    /// <summary>Adds one partition of the archive, and compares its ticks with the table and with the messages on NATS.</summary>
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
                var seen = subscriber.HasReceived(key.Hash) ? 1 : 0;
                if (IsAdded(ticks, symbol, key))
                {
                    tally.Added++;
                    tally.AddedPublished += seen;
                    continue;
                }

                tally.Archived += times;
                tally.ArchivedDistinct++;
                tally.ArchivedSum += key.Hash;
                tally.Recovered += ticks.IsRecovered(key) ? 1 : 0;
                tally.Published += seen;
            }
        }

        await foreach (var row in queries.ReadAsync([.. ticks.BySymbol.Keys], ticks.FirstMs, ticks.LastMs + 1, cancellationToken))
        {
            var key = new TickKey(row.TimestampMs, row.Identity);
            var (tally, missed) = (Tally(row.Symbol), row.ReceivedMs <= natsOutageEndMs && !subscriber.HasReceived(row.Identity) ? 1 : 0);
            if (!ticks.BySymbol[row.Symbol].ContainsKey(key))
            {
                continue;
            }

            if (IsAdded(ticks, row.Symbol, key))
            {
                tally.AddedStored++;
                tally.AddedMissed += missed;
                continue;
            }

            tally.Stored++;
            tally.StoredSum += row.Identity;
            tally.Missed += missed;
            AddLatency(row);
        }
    }

    public RunReport ToReport(double seconds, SubscriberTally subscriber, long dropped)
    {
        foreach (var (symbol, counts) in feed ?? new Dictionary<string, FeedCounts>())
        {
            Tally(symbol).Feed = counts;
        }

        var archived = Sum(tally => tally.Archived);
        var rejected = collector.Rejected.Values.Sum();
        // Without the feed's own counts, assume that it sent the ticks that arrived: those in the collector's report or in the archive.
        var received = Math.Max(collector.Received, feed is null ? archived + rejected : 0);
        var sent = feed?.Values.Sum(counts => counts.Sent) ?? received;
        var arrived = Sum(tally => tally.ArchivedDistinct) + _deadLetters.RejectedDistinct;
        var made = feed?.Values.Sum(counts => counts.Expected.Count) ?? arrived;
        var lost = made - _deadLetters.RejectedDistinct - Sum(tally => tally.Stored);
        FindProblems(sent, received, rejected, archived, lost);
        FindGapProblems();
        _problems.AddRange(_symbols.SelectMany(symbol => symbol.Value.Problems(symbol.Key, comparesSums: rejected == 0)));
        if (subscriber.Overflowed > 0 || subscriber.Unreadable > 0 || dropped > 0)
        {
            AddProblem($"The proof's NATS subscriber dropped {dropped} messages, could not read {subscriber.Unreadable}, and had no "
                + $"room to count {subscriber.Overflowed}.");
        }

        return new RunReport
        {
            Seconds = seconds,
            FeedSent = sent,
            Received = received,
            Rejected = collector.Rejected,
            Archived = archived,
            Stored = Sum(tally => tally.Stored),
            Published = Sum(tally => tally.Published),
            Duplicates = sent - (feed?.Values.Sum(counts => counts.Distinct) ?? arrived),
            Lost = lost,
            Made = made,
            Recovered = Sum(tally => tally.Recovered),
            MissedBySubscriber = Sum(tally => tally.Missed + tally.AddedMissed),
            RowLatency = _rowLatency.Summarise(),
            NatsLatency = subscriber.Latency(),
            Symbols = _symbols.Where(symbol => symbol.Value.Feed is not null || symbol.Value.Archived > 0).ToDictionary(
                symbol => symbol.Key,
                symbol => new SymbolReport(symbol.Value.Feed?.Sent ?? symbol.Value.Archived, symbol.Value.Stored, symbol.Value.Published)),
            Circumstances = circumstances,
            Notes = [.. Notes()],
            Problems = _problems,
        };
    }

    /// <summary>Whether a tick was entered by command, or was fetched over REST for a symbol without a count of generated ticks.</summary>
    private bool IsAdded(ArchivedTicks ticks, string symbol, TickKey key) =>
        ticks.IsFromCommand(key) || (ticks.IsRecovered(key) && feed?.GetValueOrDefault(symbol)?.Made is null);

    private void FindProblems(long sent, long received, long rejected, long archived, long lost)
    {
        if (sent == 0)
        {
            AddProblem("The feed sent no tick.");
        }

        if (received != sent && collector.IsComplete)
        {
            AddProblem($"The feed sent {sent} ticks, but the collector read {received}.");
        }

        if (archived < received - rejected && collector.IsComplete)
        {
            AddProblem($"The collector accepted {received - rejected} ticks, but the archive has {archived}.");
        }

        if (lost != 0)
        {
            AddProblem(
                lost > 0 ? $"{lost} ticks of the feed are not in the table." : $"The table has {-lost} more ticks than the feed made.");
        }
    }

    /// <summary>A feed's own counts reveal missing ticks. For a feed without counts, only an unfilled gap does.</summary>
    private void FindGapProblems()
    {
        if (feed is null)
        {
            _problems.AddRange(circumstances.Gaps.Where(gap => !gap.IsFilled).Select(gap => $"Ticks may be missing in the gap of {gap}."));
        }
    }

    private IEnumerable<string> Notes()
    {
        if (!collector.IsComplete)
        {
            yield return "A collector was restarted. What its previous process read last is not counted, so more was read than "
                + "this report shows.";
        }

        if (Sum(tally => tally.Recovered) is > 0 and var recovered)
        {
            yield return $"{recovered} ticks were missed live and recovered over REST.";
        }

        if (Sum(tally => tally.Missed + tally.AddedMissed) is > 0 and var missed)
        {
            yield return $"Our own NATS subscriber missed {missed} messages while it, or a NATS server, was disconnected. "
                + "NATS delivers at most once: it does not resend messages published meanwhile. PublishTicks has the server's "
                + "confirmation for all of them.";
        }

        if (feed is not null)
        {
            foreach (var gap in circumstances.Gaps.Where(gap => !gap.IsFilled))
            {
                yield return $"The gap of {gap} is not filled.";
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

    private long Sum(Func<SymbolTally, long> of) => _symbols.Values.Sum(of);

    private SymbolTally Tally(string symbol)
    {
        if (!_symbols.TryGetValue(symbol, out var tally))
        {
            _symbols.Add(symbol, tally = new SymbolTally());
        }

        return tally;
    }

    private void AddProblem(string sentence) => _problems.Add(sentence);
}
