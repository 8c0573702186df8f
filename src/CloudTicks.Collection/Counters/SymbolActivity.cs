using CloudTicks.Ticks;

namespace CloudTicks.Collection.Counters;

/// <summary>Tracks the accepted ticks of one symbol. Only the decoding loop writes it; any thread may read it.</summary>
internal sealed class SymbolActivity(int partition)
{
    private long _received;
    private ulong _identitySum;

    public int Partition => partition;

    public long Received => Volatile.Read(ref _received);

    /// <summary>The wrapping sum of the ticks' identities, which does not depend on their order.</summary>
    public ulong Sum => Volatile.Read(ref _identitySum);

    /// <summary>The time at which the last tick was received, Unix ms, UTC; 0 before the first.</summary>
    public long LastReceivedMs => Math.Max(Quotes.LastReceivedMs ?? 0, Trades.LastReceivedMs ?? 0);

    public KindActivity Quotes { get; } = new();

    public KindActivity Trades { get; } = new();

    public KindActivity Of(TickKind kind) => kind == TickKind.Quote ? Quotes : Trades;

    public void Add(ulong identity, scoped in Tick tick)
    {
        Volatile.Write(ref _identitySum, unchecked(_identitySum + identity));
        Volatile.Write(ref _received, _received + 1);
        Of(tick.Kind).Add(tick.TimestampMs, tick.ReceivedMs);
    }
}
