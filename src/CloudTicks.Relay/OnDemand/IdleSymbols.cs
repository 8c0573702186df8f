using CloudTicks.Foundations;
using CloudTicks.ServiceDocuments.Collector;
using CloudTicks.Ticks;

namespace CloudTicks.Relay.OnDemand;

/// <summary>
/// Decides which added symbols to mark as idle, keep or remove, depending on how long this relay has had no subscriber to them.
/// </summary>
/// <param name="idleTime">
/// The time without subscribers after which a symbol is marked as idle. A marked symbol is removed unless another relay objects.
/// </param>
internal sealed class IdleSymbols(TimeSpan idleTime, TimeProvider time)
{
    /// <summary>
    /// The maximum time for another relay to object. A relay that only polls the document reads a mark within half of this time.
    /// </summary>
    private static readonly TimeSpan MaxObjectionTime = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan MaxPause = TimeSpan.FromDays(1);

    private readonly Dictionary<Symbol, Entry> _entries = [];
    private readonly HashSet<Symbol> _kept = [];
    private readonly HashSet<Symbol> _marked = [];
    private readonly HashSet<Symbol> _removed = [];

    /// <summary>Determines the changes that <see cref="Apply"/> will make.</summary>
    /// <returns>False when there are no changes.</returns>
    public bool FindChanges(IReadOnlyList<OnDemandSymbol> added, IReadOnlySet<Symbol> subscribed)
    {
        _kept.Clear();
        _marked.Clear();
        _removed.Clear();
        foreach (var symbol in _entries.Keys.Except(added.Select(one => one.Symbol)).ToList())
        {
            _entries.Remove(symbol);
        }

        foreach (var (symbol, isIdle) in added)
        {
            if (!_entries.TryGetValue(symbol, out var entry))
            {
                _entries.Add(symbol, entry = new Entry { IdleSince = time.GetTimestamp() });
            }

            FindChanges(symbol, isIdle, subscribed.Contains(symbol), entry);
        }

        return _kept.Count + _marked.Count + _removed.Count > 0;
    }

    /// <summary>
    /// Applies the changes to the entries of the newest document: an entry is removed only if it is still marked as idle.
    /// </summary>
    public IReadOnlyList<OnDemandSymbol> Apply(IReadOnlyList<OnDemandSymbol> added) =>
    [
        .. added.Where(one => !(one.IsIdle && _removed.Contains(one.Symbol))).Select(one =>
            _kept.Contains(one.Symbol) ? one with { IsIdle = false } : _marked.Contains(one.Symbol) ? one with { IsIdle = true } : one),
    ];

    private void FindChanges(Symbol symbol, bool isIdle, bool isSubscribed, Entry entry)
    {
        var now = time.GetTimestamp();
        if (isSubscribed)
        {
            (entry.IdleSince, entry.MarkedSince, entry.Objections) = (now, null, 0);
            if (isIdle)
            {
                _kept.Add(symbol);
            }

            return;
        }

        if (!isIdle && entry.MarkedSince is not null)
        {
            // Another relay has a subscriber. Mark the symbol again after growing intervals, in case the other relay stops.
            entry.Objections++;
            entry.IdleSince = now;
        }

        entry.MarkedSince = isIdle ? entry.MarkedSince ?? now : null;
        if (time.GetElapsedTime(entry.IdleSince) < Pause(entry))
        {
            return;
        }

        if (!isIdle)
        {
            _marked.Add(symbol);
        }
        else if (time.GetElapsedTime(entry.MarkedSince!.Value) >= (idleTime < MaxObjectionTime ? idleTime : MaxObjectionTime))
        {
            _removed.Add(symbol);
        }
    }

    private TimeSpan Pause(Entry entry) => entry.Objections == 0 ? idleTime : new Backoff(idleTime, MaxPause).After(entry.Objections + 1);

    private sealed class Entry
    {
        public long IdleSince { get; set; }

        public long? MarkedSince { get; set; }

        public int Objections { get; set; }
    }
}
