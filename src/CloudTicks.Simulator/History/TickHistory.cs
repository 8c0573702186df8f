using CloudTicks.Ticks;
using Microsoft.Extensions.Options;

namespace CloudTicks.Simulator.History;

/// <summary>
/// Keeps the market's latest ticks by channel, for REST. The size in bytes is bounded: the oldest chunks are removed first. One writer,
/// many readers.
/// </summary>
internal sealed class TickHistory(IOptions<SimulatorOptions> options, TimeProvider time)
{
    // The Unix ms from which every tick is known. A replay has no earlier ticks; the synthetic market may have generated some in an
    // earlier process.
    private readonly long _beganMs = options.Value.Replay.Count > 0 ? long.MinValue : time.GetUtcNow().ToUnixTimeMilliseconds();
    private readonly Lock _gate = new();
    private readonly Queue<(ChannelHistory Owner, HistoryChunk Chunk)> _chunks = new();
    private readonly ChunkBufferPool _buffers = new(ChannelHistory.MaxChunkBytes);
    private long _bytes;
    private int _readers;

    /// <summary>Locks out readers. <see cref="Write"/> requires this lock.</summary>
    public Lock.Scope BeginWriting() => _gate.EnterScope();

    public void Write(ChannelHistory history, scoped in Tick tick)
    {
        if (history.TryWrite(tick))
            return;
        var chunk = history.BeginChunk(tick.TimestampMs, _buffers);
        _chunks.Enqueue((history, chunk));
        _bytes += chunk.Buffer.Length;
        history.TryWrite(tick);
        Forget();
    }

    /// <summary>The Unix ms since which the history of a channel is complete.</summary>
    /// <param name="history">The channel's history; null for a channel without ticks.</param>
    public long KnownFromMs(ChannelHistory? history)
    {
        lock (_gate)
            return history?.ForgottenMs is { } forgotten ? Math.Max(_beganMs, forgotten + 1) : _beganMs;
    }

    /// <summary>Passes a channel's history to a reader, oldest first. The pieces do not change until the reader returns.</summary>
    public void Read(ChannelHistory history, Action<HistoryPiece[]> reader)
    {
        HistoryPiece[] pieces;
        lock (_gate)
        {
            _readers++;
            pieces = history.Pieces();
        }

        try
        {
            reader(pieces);
        }
        finally
        {
            lock (_gate)
                _readers--;
        }
    }

    private void Forget()
    {
        // A chunk that is still being written is kept, unless there is nothing else to remove.
        for (var openChunks = 0; _bytes > options.Value.HistoryBytes && _chunks.Count > 1;)
        {
            var (owner, chunk) = _chunks.Dequeue();
            if (owner.IsOpen(chunk) && ++openChunks <= _chunks.Count)
            {
                _chunks.Enqueue((owner, chunk));
                continue;
            }

            owner.Forget(chunk);
            _bytes -= chunk.Buffer.Length;
            if (_readers == 0)
                _buffers.Return(chunk.Buffer);
        }
    }
}
