using CloudTicks.Simulator.Channels;
using CloudTicks.Simulator.Rest;
using CloudTicks.Ticks;

namespace CloudTicks.Simulator.History;

/// <summary>Reads the ticks of a piece of history one after the other.</summary>
internal static class HistoryReader
{
    /// <summary>Room for the lists of a tick.</summary>
    public const int ListsLength = 2 * Tick.MaxListLength;

    /// <summary>Takes a tick: its place in the piece, its time in ns, and itself.</summary>
    public delegate void TickTaker(int index, long ns, scoped in Tick tick);

    public static void Read(HistoryPiece piece, SimulatedChannel channel, int[] lists, TickTaker take)
    {
        var codec = default(TickCodec);
        var rest = piece.Bytes.Span;
        var tick = new Tick { Symbol = channel.Symbol, Kind = channel.Kind };
        var (ms, indexInMs) = (piece.FirstMs, piece.FirstIndexInMs - 1);
        for (var index = 0; index < piece.Count; index++)
        {
            codec.Read(ref rest, lists, ref tick);
            indexInMs = tick.TimestampMs == ms ? indexInMs + 1 : 0;
            ms = tick.TimestampMs;
            take(index, TickRow.NsOf(tick, indexInMs), tick);
        }
    }
}
