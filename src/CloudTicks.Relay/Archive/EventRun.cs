using System.Buffers;
using CloudTicks.Polygon.Serving.Events;
using CloudTicks.Ticks;

namespace CloudTicks.Relay.Archive;

/// <summary>Events joined by commas, encoded once for all subscribers. The memory is pooled; an empty run has no memory.</summary>
internal sealed class EventRun
{
    private const int InitialBytes = 2 * EventJson.MaxBytes;

    private byte[] _bytes = [];

    public int Length { get; private set; }

    public int Count { get; private set; }

    /// <summary>The encoded events; valid until the next change.</summary>
    public ReadOnlyMemory<byte> Events => _bytes.AsMemory(0, Length);

    public void Add(scoped in Tick tick)
    {
        Reserve(EventJson.MaxBytes + 1);
        if (Count++ > 0)
        {
            _bytes[Length++] = (byte)',';
        }

        Length += EventJson.Write(tick, _bytes.AsSpan(Length));
    }

    public void Add(ReadOnlySpan<byte> events, int count)
    {
        Reserve(events.Length + 1);
        if (Count > 0)
        {
            _bytes[Length++] = (byte)',';
        }

        events.CopyTo(_bytes.AsSpan(Length));
        Length += events.Length;
        Count += count;
    }

    /// <summary>Truncates the run to an earlier length and count.</summary>
    public void Truncate(int length, int count) => (Length, Count) = (length, count);

    public void Clear()
    {
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
        }

        (_bytes, Length, Count) = ([], 0, 0);
    }

    private void Reserve(int bytes)
    {
        if (_bytes.Length - Length >= bytes)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(InitialBytes, Math.Max(_bytes.Length * 2, Length + bytes)));
        _bytes.AsSpan(0, Length).CopyTo(larger);
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
        }

        _bytes = larger;
    }
}
