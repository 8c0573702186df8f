using CloudTicks.Ticks;

namespace CloudTicks.Simulator.History;

/// <summary>The ticks of one channel in order of generation. Guarded by <see cref="TickHistory"/>.</summary>
internal sealed class ChannelHistory
{
    // The maximum size of a chunk, in bytes. A channel's chunks double in size, because most channels tick rarely and a few very often.
    // The longest tick fits into the smallest chunk.
    public const int MaxChunkBytes = 64 * 1024;
    private const int MinChunkBytes = 1024;

    private readonly List<HistoryChunk> _chunks = [];
    private HistoryChunk? _open;
    private long _ordinal;
    private long _lastMs = long.MinValue;
    private int _indexInMs;

    /// <summary>The number of ticks that were removed to free memory.</summary>
    public long Forgotten => _chunks.Count == 0 ? _ordinal : _chunks[0].FirstOrdinal;

    /// <summary>The last Unix ms whose ticks may have been removed; null when none were removed.</summary>
    public long? ForgottenMs { get; private set; }

    /// <summary>Adds a tick to the last chunk.</summary>
    /// <returns>False when the chunk is full, or there is none.</returns>
    public bool TryWrite(scoped in Tick tick)
    {
        if (_open is null || !_open.TryWrite(tick))
            return false;
        _ordinal++;
        _indexInMs = tick.TimestampMs == _lastMs ? _indexInMs + 1 : 0;
        _lastMs = tick.TimestampMs;
        return true;
    }

    public HistoryChunk BeginChunk(long timestampMs, ChunkBufferPool buffers)
    {
        var capacity = _open is null ? MinChunkBytes : Math.Min(2 * _open.Buffer.Length, MaxChunkBytes);
        _open = new HistoryChunk(buffers.Rent(capacity), _ordinal, timestampMs == _lastMs ? _indexInMs + 1 : 0);
        _chunks.Add(_open);
        return _open;
    }

    public bool IsOpen(HistoryChunk chunk) => chunk == _open;

    public void Forget(HistoryChunk chunk)
    {
        _chunks.Remove(chunk);
        if (chunk.Count > 0)
            ForgottenMs = chunk.LastMs;
        if (chunk == _open)
            _open = null;
    }

    public HistoryPiece[] Pieces() => [.. _chunks.Where(chunk => chunk.Count > 0).Select(chunk => chunk.Freeze())];
}
