using CloudTicks.Ticks;

namespace CloudTicks.Replay.Sorting;

/// <summary>Rows in memory, in order of arrival, and after <see cref="Sort"/> in the order of their keys.</summary>
/// <param name="capacity">The maximum size of the rows and their sort keys, in bytes.</param>
internal sealed class RowBuffer(int capacity)
{
    private const int EntryBytes = 24;
    private const int InitialBytes = 1 << 16;

    private readonly List<(TickOrder Order, int Start)> _entries = [];
    private byte[] _bytes = new byte[Math.Max(TickRow.MaxBytes, Math.Min(capacity, InitialBytes))];
    private int _length;
    private int _next;

    public int Count => _entries.Count;

    public bool IsFull => _length + ((long)_entries.Count * EntryBytes) + TickRow.MaxBytes > capacity && Count > 0;

    public ReadOnlySpan<byte> Row => RowAt(_entries[_next - 1].Start);

    public void Add(scoped in Tick tick, TickSource source, ulong position, int symbol)
    {
        if (_bytes.Length - _length < TickRow.MaxBytes)
        {
            Array.Resize(ref _bytes, _bytes.Length + Math.Max(_bytes.Length, TickRow.MaxBytes));
        }

        _entries.Add((new TickOrder(tick.TimestampMs, position), _length));
        _length += TickRow.Write(tick, source, position, symbol, _bytes.AsSpan(_length));
    }

    public void Sort()
    {
        _entries.Sort(static (one, other) => one.Order.CompareTo(other.Order));
        _next = 0;
    }

    public bool TryRead()
    {
        if (_next == _entries.Count)
        {
            return false;
        }

        _next++;
        return true;
    }

    public void Clear()
    {
        _entries.Clear();
        (_length, _next) = (0, 0);
    }

    private ReadOnlySpan<byte> RowAt(int start) => _bytes.AsSpan(start, TickRow.Length(_bytes.AsSpan(start)));
}
