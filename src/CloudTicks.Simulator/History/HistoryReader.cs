using CloudTicks.Ticks;

namespace CloudTicks.Simulator.History;

internal static class HistoryReader
{
    public const int ListsLength = 2 * Tick.MaxListLength;

    private const long NsPerMs = 1_000_000;
    private const long NsPerTickInMs = 1_000;
    private const long FirstNs = 137;
    private const int MaxInOrder = 998;

    /// <summary>Receives a tick with its index in the piece and its time in ns.</summary>
    public delegate void HistoryVisitor(int index, long ns, scoped in Tick tick);

    public static void Read(HistoryPiece piece, Symbol symbol, TickKind kind, int[] lists, HistoryVisitor visit)
    {
        var codec = default(TickCodec);
        var rest = piece.Bytes.Span;
        var tick = new Tick { Symbol = symbol, Kind = kind };
        var (ms, indexInMs) = (piece.FirstMs, piece.FirstIndexInMs - 1);
        for (var index = 0; index < piece.Count; index++)
        {
            codec.Read(ref rest, lists, ref tick);
            indexInMs = tick.TimestampMs == ms ? indexInMs + 1 : 0;
            ms = tick.TimestampMs;
            visit(index, NsOf(tick, indexInMs), tick);
        }
    }

    /// <summary>
    /// The tick's time in ns. Each of the first 999 ticks of a ms is 1 µs after the previous one. Times of currencies are whole ms.
    /// </summary>
    /// <param name="indexInMs">The number of earlier ticks of the same ms.</param>
    private static long NsOf(scoped in Tick tick, int indexInMs) => (tick.TimestampMs * NsPerMs)
        + (tick.Symbol.Market == Market.Forex ? 0 : FirstNs + (NsPerTickInMs * Math.Min(indexInMs, MaxInOrder)));
}
