using CloudTicks.EventStream;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Identity;

namespace CloudTicks.Replay.Sorting;

/// <summary>
/// Ticks of the archive, ordered by time, within a millisecond by partition, then by arrival. A tick that the archive contains several
/// times is returned once: its first occurrence, which is also the one that StoreTicks stores.
/// </summary>
public sealed class TickReplay : IDisposable
{
    /// <summary>The maximum number of ticks of one millisecond that are remembered to detect repeats.</summary>
    private const int MaxPerMillisecond = 1 << 20;

    private readonly TickSorter _sorter;
    private readonly RowMerge _rows;
    private readonly ReplayCounts _counts;
    private readonly HashSet<(Symbol Symbol, ulong Identity)> _seen = [];
    private long _seenMs;

    private TickReplay(TickSorter sorter, ReplayCounts counts) => (_sorter, _rows, _counts) = (sorter, sorter.Merge(), counts);

    /// <summary>The time of the last tick read, Unix ms.</summary>
    public long TimestampMs { get; private set; }

    /// <summary>The partition of the last tick read.</summary>
    public int Partition => TickOrder.PartitionOf(TickRow.Order(_rows.Row).Position);

    /// <summary>Reads and sorts the selected ticks, and deletes the temporary files if reading fails.</summary>
    /// <param name="refused">Receives a message for each unreadable file or record, and for the first refused tick.</param>
    internal static async Task<TickReplay> SortAsync(
        TickSelection selection, ReplayOptions options, ReplayCounts counts, Action<string> refused, Func<RecordTicks, Task> read)
    {
        var sorter = new TickSorter(options, counts);
        try
        {
            await read(new RecordTicks(selection, sorter, counts, refused));
            return new TickReplay(sorter, counts);
        }
        catch
        {
            sorter.Dispose();
            throw;
        }
    }

    /// <summary>Decodes the last tick again.</summary>
    /// <param name="tick">The tick; its spans are valid until the next is read.</param>
    public void ReadAgain(ref Tick tick, out TickSource source, out ulong identity)
    {
        _rows.Read(ref tick, out source);
        identity = TickIdentity.Of(tick);
    }

    /// <summary>Reads the next tick.</summary>
    /// <param name="tick">The tick; its spans are valid until the next call.</param>
    /// <exception cref="EventStreamException">The sorted file cannot be read.</exception>
    public bool TryRead(ref Tick tick, out TickSource source, out ulong identity)
    {
        while (_rows.TryRead())
        {
            ReadAgain(ref tick, out source, out identity);
            TimestampMs = tick.TimestampMs;
            if (tick.TimestampMs != _seenMs || _seen.Count >= MaxPerMillisecond)
            {
                _seen.Clear();
                _seenMs = tick.TimestampMs;
            }

            if (_seen.Add((tick.Symbol, identity)))
            {
                _counts.Emitted++;
                return true;
            }

            _counts.Repeated++;
        }

        (source, identity) = (default, 0);
        return false;
    }

    /// <summary>Deletes the temporary files.</summary>
    public void Dispose() => _sorter.Dispose();
}
