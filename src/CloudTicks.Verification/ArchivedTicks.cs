using System.Runtime.InteropServices;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;
using CloudTicks.Ticks.Gaps;
using CloudTicks.Ticks.Identity;

namespace CloudTicks.Verification;

/// <summary>The identities of the ticks in one partition of the archive.</summary>
internal sealed class ArchivedTicks
{
    private readonly TickBatchReader _reader = new(new SymbolDictionary());
    private readonly Dictionary<string, Dictionary<TickKey, int>> _bySymbol = new(StringComparer.Ordinal);
    private readonly HashSet<TickKey> _fromCommands = [];
    private readonly HashSet<TickKey> _recovered = [];

    public long Count { get; private set; }

    public long DistinctCount => _bySymbol.Values.Sum(ticks => (long)ticks.Count);

    /// <summary>The time of the earliest tick, Unix ms.</summary>
    public long FirstMs { get; private set; } = long.MaxValue;

    /// <summary>The time of the latest tick, Unix ms.</summary>
    public long LastMs { get; private set; } = long.MinValue;

    /// <summary>The distinct ticks of each symbol, each with its number of occurrences. Repeats in backfills are not counted.</summary>
    public IReadOnlyDictionary<string, Dictionary<TickKey, int>> BySymbol => _bySymbol;

    /// <summary>Whether a tick was only entered with a command, and is not from the feed.</summary>
    public bool IsFromCommand(TickKey tick) => _fromCommands.Contains(tick);

    /// <summary>Whether a tick was only fetched over REST, because no session received it, or its collector was killed.</summary>
    public bool IsRecovered(TickKey tick) => _recovered.Contains(tick);

    /// <summary>Adds the ticks of one record; a gap record has none.</summary>
    public void Add(ReadOnlyMemory<byte> record)
    {
        if (GapRecord.IsGap(record.Span))
        {
            return;
        }

        var tick = default(Tick);
        try
        {
            _reader.Open(record);
            while (_reader.TryRead(ref tick))
            {
                Add(tick);
            }
        }
        catch (TickBatchFormatException)
        {
            // StoreTicks has copied the damaged record to the dead letters, which are counted separately.
        }
    }

    private void Add(scoped in Tick tick)
    {
        if (!_bySymbol.TryGetValue(tick.Symbol.Name, out var ticks))
        {
            _bySymbol.Add(tick.Symbol.Name, ticks = []);
        }

        var key = new TickKey(tick.TimestampMs, TickIdentity.Of(tick));
        ref var times = ref CollectionsMarshal.GetValueRefOrAddDefault(ticks, key, out var isKnown);
        // A backfill overlaps with live ticks; ticks of this overlap are not repeats of the feed.
        times += _reader.Source == TickSource.Backfill && isKnown ? 0 : 1;
        switch (_reader.Source)
        {
            case TickSource.DbCommand when !isKnown:
                _fromCommands.Add(key);
                break;
            case TickSource.Backfill when !isKnown || _fromCommands.Remove(key):
                _recovered.Add(key);
                break;
            case TickSource.DbCommand or TickSource.Backfill:
                break;
            default:
                _fromCommands.Remove(key);
                _recovered.Remove(key);
                break;
        }

        Count++;
        FirstMs = Math.Min(FirstMs, tick.TimestampMs);
        LastMs = Math.Max(LastMs, tick.TimestampMs);
    }
}
