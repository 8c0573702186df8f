using CloudTicks.EventHub.Storage;

namespace CloudTicks.EventHub.Wal;

/// <summary>Reads the log at start, from the last checkpoint to the end of the last whole write.</summary>
internal sealed class WalReader(WalFiles files, WalReader.RecordHandler onRecord, Action<WalDamage> onDamage, Action onFileRead)
{
    /// <summary>Takes one whole record; the payload is valid until the file has been read.</summary>
    public delegate void RecordHandler(WalRecord record, ReadOnlyMemory<byte> payload);

    /// <summary>Bytes that were cut from the end, because the write they belong to was not finished.</summary>
    public long TornBytes { get; private set; }

    /// <summary>Reads all records from a position on.</summary>
    /// <returns>The position behind the last one.</returns>
    /// <exception cref="StorageException">The file that the checkpoint needs is gone.</exception>
    public long Read(long from)
    {
        var starts = files.Starts;
        if (starts.Count == 0 && from == 0)
        {
            return 0;
        }

        if (!starts.Any(start => start <= from))
        {
            throw new StorageException(
                $"The write-ahead log begins behind position {from}, which the last checkpoint needs: files are gone from it. Restore them from a copy.");
        }

        var position = from;
        for (var i = 0; i < starts.Count; i++)
        {
            var isLast = i == starts.Count - 1;
            if (isLast || starts[i + 1] > from)
            {
                position = ReadFile(starts[i], Math.Max(from, starts[i]), isLast ? null : starts[i + 1]);
            }
        }

        return position;
    }

    private long ReadFile(long start, long from, long? next)
    {
        byte[] bytes;
        using (var file = files.Open(start))
        {
            bytes = GC.AllocateUninitializedArray<byte>(checked((int)file.Length));
            file.Read(0, bytes);
        }

        var content = new FileContent(bytes, start, next);
        if (!WalFiles.IsHeader(bytes, start))
        {
            // A file is made before anything is acknowledged from it, so a torn header has nothing behind it.
            if (content.FindRecord(start) is not { } any)
            {
                return start;
            }

            onDamage(new WalDamage(files.PathOf(start), start, any));
        }

        var position = from;
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
                onDamage(new WalDamage(files.PathOf(start), position, later));
                position = later;
                continue;
            }

            TornBytes += next is null ? content.End - position : 0;
            break;
        }

        onFileRead();
        return next ?? position;
    }

    /// <summary>One file in memory. Positions are those of the log.</summary>
    private readonly struct FileContent(byte[] bytes, long start, long? next)
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

        /// <summary>
        /// Where reading can go on behind bytes that are no record, if they had been acknowledged. They had, when a later write
        /// follows them, because a write begins only when the one before is flushed.
        /// </summary>
        public long? NextAcknowledged(long damaged)
        {
            var first = FindRecord(damaged + 1);
            for (var at = first; at is { } position; at = FindRecord(RecordAt(position)!.Value.End))
            {
                if (RecordAt(position)!.Value.WriteStart > damaged)
                {
                    return first;
                }
            }

            return next is null ? null : first ?? End;
        }

        private int At(long position) => checked((int)(position - start + WalFiles.HeaderBytes));
    }
}
