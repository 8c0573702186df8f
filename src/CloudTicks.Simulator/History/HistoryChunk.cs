using CloudTicks.Ticks;

namespace CloudTicks.Simulator.History;

/// <summary>Ticks of one channel, encoded by <see cref="TickCodec"/>. Written bytes never change while readers use them.</summary>
internal sealed class HistoryChunk(byte[] buffer, long firstOrdinal, int firstIndexInMs)
{
    private TickCodec _codec;
    private int _length;
    private long _firstMs;

    public byte[] Buffer => buffer;

    public int Count { get; private set; }

    /// <summary>The number of ticks of the channel before this chunk.</summary>
    public long FirstOrdinal => firstOrdinal;

    public long LastMs { get; private set; }

    /// <returns>False when the chunk may be too full for the tick.</returns>
    public bool TryWrite(scoped in Tick tick)
    {
        if (_length + TickCodec.MaxBytesOf(tick) > buffer.Length)
            return false;
        _length += _codec.Write(tick, buffer.AsSpan(_length));
        if (Count++ == 0)
            _firstMs = tick.TimestampMs;
        LastMs = tick.TimestampMs;
        return true;
    }

    public HistoryPiece Freeze() => new(buffer.AsMemory(0, _length), Count, firstOrdinal, firstIndexInMs, _firstMs, LastMs);
}
