using System.Buffers;
using System.Text.Json;
using CloudTicks.Polygon.Serving.Rest;
using CloudTicks.Simulator.Channels;
using CloudTicks.Simulator.History;

namespace CloudTicks.Simulator.Rest;

/// <summary>The rows of one page of a channel's history.</summary>
/// <param name="position">The ordinal of the page's first tick among all ticks that the channel has had; null for the first page.</param>
internal sealed class TickPage(SimulatedChannel channel, TimeRange range, bool ascending, long? position, int limit)
{
    // The delay between the exchange's timestamp of a tick and the consolidated tape's timestamp, in ns.
    private const long TapeDelayNs = 350_000;

    private readonly ArrayBufferWriter<byte> _json = new();
    private readonly List<Range> _rows = [];
    private readonly int[] _lists = new int[HistoryReader.ListsLength];

    /// <summary>The rows in the requested order.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Rows => _rows.Select(row => _json.WrittenMemory[row]);

    public int Count => _rows.Count;

    /// <summary>The start of the next page; null on the last page.</summary>
    public long? Next { get; private set; }

    public void Fill(IEnumerable<HistoryPiece> pieces)
    {
        foreach (var piece in ascending ? pieces : pieces.Reverse())
        {
            if (piece.FirstMs > range.ToNs / TimeRange.NsPerMs || piece.LastMs < range.FromNs / TimeRange.NsPerMs)
                continue;
            var (first, count) = Find(piece);
            var rowCount = Math.Min(count, limit - _rows.Count);
            var start = ascending ? first : first + count - rowCount;
            Write(piece, start, rowCount);
            if (rowCount == count)
                continue;
            Next = piece.FirstOrdinal + (ascending ? start + rowCount : start - 1);
            return;
        }
    }

    /// <summary>Finds the requested ticks of a piece. Times and ordinals ascend, so the ticks are contiguous.</summary>
    private (int First, int Count) Find(HistoryPiece piece)
    {
        var (first, count) = (0, 0);
        HistoryReader.Read(piece, channel.Symbol, channel.Kind, _lists, (index, ns, scoped in _) =>
        {
            var ordinal = piece.FirstOrdinal + index;
            if (!range.Contains(ns) || (ascending ? ordinal < position : ordinal > position))
                return;
            first = count++ == 0 ? index : first;
        });
        return (first, count);
    }

    private void Write(HistoryPiece piece, int first, int count)
    {
        var begin = _rows.Count;
        using var writer = new Utf8JsonWriter(_json, new JsonWriterOptions { SkipValidation = true });
        HistoryReader.Read(piece, channel.Symbol, channel.Kind, _lists, (index, ns, scoped in tick) =>
        {
            if (index < first || index >= first + count)
                return;
            var start = _json.WrittenCount;
            TickRow.Write(writer, tick, ns, ns - TapeDelayNs);
            writer.Flush();
            writer.Reset();
            _rows.Add(start.._json.WrittenCount);
        });
        if (!ascending)
            _rows.Reverse(begin, count);
    }
}
