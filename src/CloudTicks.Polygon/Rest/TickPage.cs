using CloudTicks.Ticks;
using CloudTicks.Ticks.Checks;

namespace CloudTicks.Polygon.Rest;

/// <summary>
/// A page of one symbol's history, whose ticks are read one by one. It is valid until the next page is requested. Invalid rows are counted
/// and skipped.
/// </summary>
public sealed class TickPage
{
    private readonly RowReader _rows;
    private readonly ReadOnlyMemory<byte> _results;
    private readonly long _receivedMs;
    private readonly Action<TickRejection, ReadOnlySpan<byte>> _onRejected;
    private int _position;

    internal TickPage(
        RowReader rows, ReadOnlyMemory<byte> results, long receivedMs, Action<TickRejection, ReadOnlySpan<byte>> onRejected) =>
        (_rows, _results, _receivedMs, _onRejected) = (rows, results, receivedMs, onRejected);

    /// <summary>The number of ticks read so far.</summary>
    public int Count { get; private set; }

    /// <summary>The number of rows that were skipped so far because they are not valid ticks.</summary>
    public int Rejected { get; private set; }

    /// <summary>The time of the first tick read, Unix ms, UTC; null before it is read.</summary>
    public long? FirstMs { get; private set; }

    /// <summary>The time of the last tick read, Unix ms, UTC; null before the first.</summary>
    public long? LastMs { get; private set; }

    /// <summary>Reads the next tick.</summary>
    /// <param name="tick">The tick, whose time of receipt is that of the page; its spans are valid until the next call.</param>
    public bool Read(ref Tick tick)
    {
        var results = _results.Span;
        while (SkipToRow(results))
        {
            var row = results[_position..];
            var rejection = _rows.Read(row, ref tick, out var length);
            _position += length;
            if (rejection == TickRejection.None)
            {
                tick.ReceivedMs = _receivedMs;
                Count++;
                FirstMs ??= tick.TimestampMs;
                LastMs = tick.TimestampMs;
                return true;
            }

            Rejected++;
            _onRejected(rejection, row[..length]);
        }

        return false;
    }

    private bool SkipToRow(ReadOnlySpan<byte> results)
    {
        while (_position < results.Length && results[_position] is (byte)',' or (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            _position++;
        }

        return _position < results.Length;
    }
}
