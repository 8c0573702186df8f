using CloudTicks.EventStream.Records;

namespace CloudTicks.Relay.Archive;

/// <summary>The tail's position in each partition. The caller holds <see cref="LiveChannels.DeliveryLock"/>.</summary>
internal sealed class TailPositions
{
    private long[] _next = [];
    private long[] _liveFrom = [];
    private long[] _ends = [];

    public int Partitions => _next.Length;

    public bool IsOpen => _next.Length > 0;

    public long Lag => Enumerable.Range(0, _next.Length).Sum(LagOf);

    /// <summary>
    /// Sets positions shortly before the ends. Records before the ends are read for the identities of their ticks, but not sent.
    /// </summary>
    /// <param name="isSame">Whether the archive is the same as before; records that were already read are then not read again.</param>
    public void Open(IReadOnlyList<PartitionWatermarks> watermarks, IReadOnlyDictionary<int, long> earlier, bool isSame)
    {
        var previous = isSame ? _next : [];
        var ordered = watermarks.OrderBy(partition => partition.Partition).ToArray();
        _ends = [.. ordered.Select(partition => partition.High)];
        _liveFrom = [.. _ends];
        _next =
        [
            .. ordered.Select(partition => Math.Clamp(
                Math.Max(earlier.GetValueOrDefault(partition.Partition, long.MaxValue), previous.ElementAtOrDefault(partition.Partition)),
                partition.Low, partition.High)),
        ];
    }

    /// <summary>Adds the new partitions of the topic; they are read from their first record.</summary>
    public void Grow(int partitions)
    {
        Array.Resize(ref _next, partitions);
        Array.Resize(ref _liveFrom, partitions);
        Array.Resize(ref _ends, partitions);
    }

    /// <summary>The offset of the next record to read.</summary>
    public long Next(int partition) => _next[partition];

    /// <summary>The offset from which events are delivered to subscribers.</summary>
    public long LiveFrom(int partition) => Math.Max(_next[partition], _liveFrom[partition]);

    public void MoveTo(int partition, long next) => _next[partition] = next;

    /// <summary>Continues at another offset; called when the archive no longer has the position.</summary>
    public void Restart(int partition, long next) => (_next[partition], _liveFrom[partition]) = (next, next);

    /// <summary>Moves a position whose records the archive has lost or deleted to the nearest offset within the archive.</summary>
    /// <returns>
    /// Whether subscribers may miss events; false if each lost record was to be read only for the identities of its ticks.
    /// </returns>
    public bool MoveInto(int partition, long low, long high)
    {
        var next = Math.Clamp(_next[partition], low, high);
        if (next == _next[partition])
        {
            return false;
        }

        if (next > _next[partition] && next <= _liveFrom[partition])
        {
            // Keep the live offset: otherwise subscribers would receive events from before their subscription.
            _next[partition] = next;
            return false;
        }

        Restart(partition, next);
        return true;
    }

    public void SetEnd(int partition, long end) => _ends[partition] = end;

    public long LagOf(int partition) => Math.Max(0, _ends[partition] - _next[partition]);

    public OffsetRange[] Ranges() =>
        [.. Enumerable.Range(0, _next.Length).Select(partition => new OffsetRange(partition, _next[partition], long.MaxValue))];
}
