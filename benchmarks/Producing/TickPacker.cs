using CloudTicks.Benchmarks.Comparing.Feed;
using CloudTicks.Polygon.Frames;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;

namespace CloudTicks.Benchmarks.Producing;

/// <summary>Packs ticks into archive records, one open record per partition. Returns full records, and at the end the others.</summary>
internal sealed class TickPacker
{
    /// <summary>The time from a tick's timestamp to its receipt, constant so that every run packs the same bytes.</summary>
    public const int TransitMs = 7;

    /// <summary>The number of ticks per piece. Pieces hold the ticks, in the order of the feed, until they are packed.</summary>
    private const int TicksPerPiece = 4_096;

    private readonly TickBatchReader _reader = new(new SymbolDictionary());
    private readonly TickBatchBuilder[] _builders;
    private readonly List<byte[]> _pieces = [];

    public TickPacker(TickFrames frames, int partitions)
    {
        _builders = [.. Enumerable.Range(0, partitions).Select(partition => new TickBatchBuilder(partition, TickSource.Live))];
        var piece = new TickBatchBuilder(0, TickSource.Live);
        var reader = new FrameReader(frames.Market, new SymbolDictionary());
        Tick tick = default;
        foreach (var frame in frames.Frames)
        {
            reader.Open(frame, 0);
            while (reader.Read(ref tick) == ElementKind.Tick)
            {
                tick.ReceivedMs = tick.TimestampMs + TransitMs;
                piece.Add(tick);
                if (piece.Count == TicksPerPiece)
                {
                    Close();
                }
            }
        }

        if (piece.Count > 0)
        {
            Close();
        }

        void Close()
        {
            _pieces.Add(piece.ToRecord());
            piece.Clear();
        }
    }

    public IEnumerable<(int Partition, byte[] Record)> Pack(int repeats)
    {
        foreach (var piece in Enumerable.Repeat(_pieces, repeats).SelectMany(all => all))
        {
            _reader.Open(piece);
            while (PackUntilFull() is { } full)
            {
                yield return Finish(full);
            }
        }

        for (var partition = 0; partition < _builders.Length; partition++)
        {
            if (_builders[partition].Count > 0)
            {
                yield return Finish(partition);
            }
        }
    }

    /// <returns>A partition whose record is full; null at the end of the piece.</returns>
    private int? PackUntilFull()
    {
        Tick tick = default;
        while (_reader.TryRead(ref tick))
        {
            var partition = tick.Symbol.PartitionOf(_builders.Length);
            _builders[partition].Add(tick);
            if (!_builders[partition].HasRoom)
            {
                return partition;
            }
        }

        return null;
    }

    private (int Partition, byte[] Record) Finish(int partition)
    {
        var record = _builders[partition].ToRecord();
        _builders[partition].Clear();
        return (partition, record);
    }
}
