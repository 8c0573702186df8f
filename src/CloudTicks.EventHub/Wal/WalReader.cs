using CloudTicks.EventHub.Disks;

namespace CloudTicks.EventHub.Wal;

/// <summary>Reads the log at start, from the oldest file that is left to the end of the last whole write.</summary>
/// <param name="checkpointed">The position of the last checkpoint: damage before it is not reported, because the checkpoint has what was
/// there.</param>
/// <param name="acknowledged">Everything before this position is known to be acknowledged; 0 when nothing is known.</param>
/// <param name="onFileRead">Called behind each file.</param>
internal sealed class WalReader(
    WalFiles files, long checkpointed, long acknowledged, WalReader.RecordHandler onRecord, Action<WalDamage> onDamage, Action onFileRead)
{
    /// <summary>Takes one whole record; the payload is valid until the file has been read.</summary>
    public delegate void RecordHandler(WalRecord record, ReadOnlyMemory<byte> payload);

    /// <summary>Bytes that were cut from the end, because the write they belong to was not finished.</summary>
    public long TornBytes { get; private set; }

    /// <summary>Reads the files whose records begin before a position, and all of them by default.</summary>
    /// <returns>The position behind the last record, never before the checkpoint.</returns>
    /// <exception cref="StorageException">The file that the checkpoint needs is gone.</exception>
    public long Read(long before = long.MaxValue)
    {
        var starts = files.Starts;
        if (starts.Count == 0 && checkpointed == 0)
        {
            return 0;
        }

        if (!starts.Any(start => start <= checkpointed))
        {
            throw new StorageException(
                $"The write-ahead log begins behind position {checkpointed}, which the last checkpoint needs: files are gone from it. "
                    + $"Restore them from a copy.");
        }

        var position = starts[0];
        for (var i = 0; i < starts.Count && starts[i] < before; i++)
        {
            position = ReadFile(starts[i], i == starts.Count - 1 ? null : starts[i + 1]);
        }

        return Math.Max(position, checkpointed);
    }

    private long ReadFile(long start, long? next)
    {
        byte[] bytes;
        using (var file = files.Open(start))
        {
            bytes = GC.AllocateUninitializedArray<byte>(checked((int)file.Length));
            file.Read(0, bytes);
        }

        var content = new FileContent(bytes, start, next, acknowledged);
        var position = start;
        if (!WalFiles.IsHeader(bytes, start))
        {
            // A file is made before anything is acknowledged from it, so a torn header has nothing behind it, unless a whole record says
            // otherwise.
            if (content.FindRecord(start) is { } any)
            {
                Damaged(start, start, any);
                position = any;
            }
            else if (next is null)
            {
                return start;
            }
        }

        while (position < content.End)
        {
            if (content.RecordAt(position) is { } record)
            {
                onRecord(record, content.Payload(record));
                position = record.End;
                continue;
            }

            if (content.NextAcknowledged(position) is { } later)
            {
                Damaged(start, position, later);
                position = later;
                continue;
            }

            TornBytes += next is null ? Math.Max(content.End - Math.Max(position, checkpointed), 0) : 0;
            break;
        }

        onFileRead();
        if (next is { } end && position < end)
        {
            Damaged(start, position, end);
        }

        return next ?? position;
    }

    private void Damaged(long start, long from, long to)
    {
        if (to > checkpointed)
        {
            onDamage(new WalDamage(files.PathOf(start), from, to));
        }
    }

    /// <summary>One file in memory. Positions are those of the log.</summary>
    private readonly struct FileContent(byte[] bytes, long start, long? next, long acknowledged)
    {
        /// <summary>Where the file's records end: at the next file's start, behind which a restart left only scraps.</summary>
        public long End => Math.Min(next ?? long.MaxValue, start + bytes.Length - WalFiles.HeaderBytes);

        public ReadOnlyMemory<byte> Payload(WalRecord record) =>
            bytes.AsMemory(At(record.Position) + WalRecord.HeaderBytes, record.PayloadBytes);

        /// <summary>The record at a position, when it is whole.</summary>
        public WalRecord? RecordAt(long position)
        {
            var header = bytes.AsSpan(At(position));
            return WalRecord.TryRead(header, position, out var record) && record.End <= End
                && record.IsIntact(header[..WalRecord.HeaderBytes], Payload(record).Span)
                ? record
                : null;
        }

        /// <summary>The position of the first whole record at or behind a position.</summary>
        public long? FindRecord(long position)
        {
            for (var at = position; at < End; at++)
            {
                if (RecordAt(at) is not null)
                {
                    return at;
                }
            }

            return null;
        }

        /// <summary>Where to go on behind bytes that are no record: acknowledged ones, which a known end or a later write proves.</summary>
        public long? NextAcknowledged(long damaged)
        {
            var first = FindRecord(damaged + 1);
            if (first is not null && damaged < acknowledged)
            {
                return first;
            }

            for (var at = first; at is { } position; at = FindRecord(RecordAt(position)!.Value.End))
            {
                if (RecordAt(position)!.Value.WriteStart > damaged)
                {
                    return first;
                }
            }

            return next is null ? null : first ?? next;
        }

        private int At(long position) => checked((int)(position - start + WalFiles.HeaderBytes));
    }
}
