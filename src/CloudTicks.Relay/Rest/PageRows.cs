using System.Buffers;
using System.Text.Json;
using CloudTicks.Polygon.Serving.Rest;
using CloudTicks.Ticks;
using CloudTicks.Timescale.Queries;

namespace CloudTicks.Relay.Rest;

/// <summary>
/// Builds the rows of one page from ticks, which may be added in any order and more than once. It keeps the first rows in the direction of
/// reading: at most about a thousand more than fit on two pages, unless many ticks have the same millisecond.
/// </summary>
internal sealed class PageRows : ITickSink, IDisposable
{
    private const int Slack = 1_000;

    private readonly TickPosition? _after;
    private readonly bool _isBackward;
    private readonly int _limit;
    private readonly ArrayBufferWriter<byte> _json = new();
    private readonly Utf8JsonWriter _writer;
    private readonly List<(TickPosition Place, ReadOnlyMemory<byte> Json)> _rows = [];
    private readonly HashSet<(long Ms, ulong Identity)> _held = [];
    private readonly HashSet<ulong> _atCursor = [];
    private long? _lastMs;
    private int _pruneAt;

    public PageRows(TickPosition? after, bool isBackward, int limit)
    {
        (_after, _isBackward, _limit) = (after, isBackward, limit);
        _pruneAt = (2 * limit) + Slack;
        _writer = new Utf8JsonWriter(_json, new JsonWriterOptions { SkipValidation = true });
    }

    /// <summary>Whether one row more than fits on the page was added, so that there is a next page.</summary>
    public bool IsFull => _rows.Count > _limit;

    /// <summary>Whether the page has no rows.</summary>
    public bool IsEmpty => _rows.Count == 0;

    public void Add(scoped in Tick tick, ulong identity, bool mayRepeat)
    {
        var place = new TickPosition(tick.TimestampMs, tick.Sequence, tick.ReceivedMs, identity);
        if (_after is { } after)
        {
            // A repeat with a later receive time may sort after the cursor, although the original was on the previous page.
            var isAtCursor = place.TimestampMs == after.TimestampMs;
            if ((isAtCursor && !_atCursor.Add(identity)) || Compare(place, after) <= 0)
            {
                return;
            }
        }

        if ((_lastMs is { } last && IsAfterLast(place.TimestampMs, last)) || !_held.Add((place.TimestampMs, identity)))
        {
            return;
        }

        _rows.Add((place, ToJson(tick)));
        if (_rows.Count >= _pruneAt)
        {
            Prune();
        }
    }

    /// <summary>Returns the rows of the page in order, and the cursor of the next page; null on the last page.</summary>
    /// <param name="mayHaveMore">Whether there may be more ticks than were added.</param>
    public (IReadOnlyList<ReadOnlyMemory<byte>> Rows, TickPosition? Next) Build(bool mayHaveMore)
    {
        Sort();
        var count = Math.Min(_limit, _rows.Count);
        return ([.. _rows.Take(count).Select(row => row.Json)], IsFull || (mayHaveMore && count > 0) ? _rows[count - 1].Place : null);
    }

    public void Dispose() => _writer.Dispose();

    private void Sort() => _rows.Sort((one, other) => Compare(one.Place, other.Place));

    /// <summary>
    /// Drops rows that cannot be on the page. All rows of the last millisecond are kept, so that repeats in it are recognized.
    /// </summary>
    private void Prune()
    {
        Sort();
        var last = _rows[_limit].Place.TimestampMs;
        var end = _rows.FindIndex(_limit, row => row.Place.TimestampMs != last);
        if (end >= 0)
        {
            foreach (var (place, _) in _rows.Skip(end))
            {
                _held.Remove((place.TimestampMs, place.Identity));
            }

            _rows.RemoveRange(end, _rows.Count - end);
        }

        _lastMs = last;
        _pruneAt = Math.Max(_pruneAt, 2 * _rows.Count);
    }

    private int Compare(TickPosition one, TickPosition other) => _isBackward ? other.CompareTo(one) : one.CompareTo(other);

    private bool IsAfterLast(long ms, long last) => _isBackward ? ms < last : ms > last;

    private ReadOnlyMemory<byte> ToJson(scoped in Tick tick)
    {
        _json.ResetWrittenCount();
        _writer.Reset();
        TickRow.Write(
            _writer, tick, tick.TimestampMs * TimeRange.NsPerMs,
            tick.Has(TickFields.ParticipantMs) ? tick.ParticipantMs * TimeRange.NsPerMs : null);
        _writer.Flush();
        return _json.WrittenSpan.ToArray();
    }
}
