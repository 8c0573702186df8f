using CloudTicks.EventHub.Disks;

namespace CloudTicks.EventHub.Wal;

/// <summary>
/// Reads the log at start, from the oldest file that is left to the end of the last whole write. Of a file that the last checkpoint is
/// behind only the index is read, when it has a whole one.
/// </summary>
/// <param name="files">The log's files.</param>
/// <param name="checkpointed">The position of the last checkpoint: what is not a batch before it is not needed any more.</param>
/// <param name="acknowledged">Everything before this position is known to be acknowledged; 0 when nothing is known.</param>
internal sealed class WalReader(WalFiles files, long checkpointed, long acknowledged)
{
    /// <summary>Receives each stretch of a file that is not read.</summary>
    public required Action<LogFile, LogRangeSummary> OnIndexed { get; init; }

    /// <summary>Receives each whole batch, in the order of the log.</summary>
    public required Action<LogFile, FoundBatch, WalRecord> OnBatch { get; init; }

    /// <summary>Receives each other whole record; its payload is valid until the file has been read.</summary>
    public required Action<WalRecord, ReadOnlyMemory<byte>> OnRecord { get; init; }

    /// <summary>Receives each batch in a damaged stretch that is whole itself.</summary>
    public required Action<LogFile, FoundBatch> OnOrphan { get; init; }

    /// <summary>Receives each damaged stretch of what was acknowledged and is behind the checkpoint.</summary>
    public required Action<WalDamage> OnDamage { get; init; }

    /// <summary>Bytes that were cut from the end, because the write they belong to was not finished.</summary>
    public long TornBytes { get; private set; }

    /// <summary>True when the last file ends as it was written, so that more may be written into it.</summary>
    public bool LastFileIsWhole { get; private set; }

    /// <returns>The position behind the last record, never before the checkpoint.</returns>
    /// <exception cref="StorageException">The file that the checkpoint needs is gone.</exception>
    public long Read()
    {
        var all = files.All;
        if (all.Count == 0 && checkpointed == 0)
        {
            return 0;
        }

        if (!all.Any(file => file.Start <= checkpointed))
        {
            throw new StorageException(
                $"The write-ahead log begins behind position {checkpointed}, which the last checkpoint needs: files are gone from it. "
                    + $"Restore them from a copy.");
        }

        var position = all[0].Start;
        for (var i = 0; i < all.Count; i++)
        {
            var next = i == all.Count - 1 ? (long?)null : all[i + 1].Start;
            position = TryReadIndex(all[i], next) ?? ReadFile(all[i], next);
            if (next is { } end && all[i].End is null)
            {
                all[i].Seal(end);
            }
        }

        return Math.Max(position, checkpointed);
    }

    private long? TryReadIndex(LogFile file, long? next)
    {
        if (files.ReadIndex(file) is not { } index || index.End > checkpointed || index.End > next)
        {
            return null;
        }

        file.Seal(index.End);
        file.IsIndexed = true;
        foreach (var stretch in index.Stretches)
        {
            OnIndexed(file, stretch);
        }

        return index.End;
    }

    private long ReadFile(LogFile file, long? next)
    {
        var content = new LogFileContent(file, next, acknowledged);
        var position = file.Start;
        var isWhole = content.HasHeader;
        if (!isWhole)
        {
            // A file is made before anything is acknowledged from it, so a torn header has nothing behind it, unless a whole record says
            // otherwise.
            if (content.FindRecord(position) is { } any)
            {
                Damaged(file, content, position, any);
                position = any;
            }
            else if (next is null && acknowledged <= file.Start)
            {
                return file.Start;
            }
        }

        while (position < content.End)
        {
            if (content.RecordAt(position) is { } record)
            {
                if (record.Kind == RecordKind.Batch)
                {
                    OnBatch(file, content.BatchOf(record), record);
                }
                else
                {
                    OnRecord(record, content.Payload(record));
                }

                position = record.End;
                continue;
            }

            if (content.NextAcknowledged(position) is { } later)
            {
                isWhole = false;
                Damaged(file, content, position, later);
                position = later;
                continue;
            }

            break;
        }

        if (next is { } end)
        {
            if (position < end)
            {
                Damaged(file, content, position, end);
            }

            return end;
        }

        LastFileIsWhole = isWhole && position >= Math.Max(acknowledged, checkpointed);
        if (position < acknowledged)
        {
            Salvage(file, content, position, acknowledged);
        }

        TornBytes += Math.Max(content.End - Math.Max(position, checkpointed), 0);
        return position;
    }

    private void Damaged(LogFile file, LogFileContent content, long from, long to)
    {
        if (to > checkpointed)
        {
            OnDamage(new WalDamage(file.Path, from, to));
        }

        Salvage(file, content, from, to);
    }

    private void Salvage(LogFile file, LogFileContent content, long from, long to)
    {
        foreach (var orphan in content.BatchesBetween(from, to))
        {
            OnOrphan(file, orphan);
        }
    }
}
