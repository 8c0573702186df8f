using CloudTicks.EventHub.Disks;

namespace CloudTicks.EventHub.Wal;

/// <summary>
/// Reads the log at startup, from the oldest file to the end of the last complete write. For a file before the last checkpoint only the
/// index is read, if it is intact.
/// </summary>
/// <param name="files">The log's files.</param>
/// <param name="checkpointed">The position of the last checkpoint: before it only batches are needed.</param>
/// <param name="acknowledged">Everything before this position was acknowledged; 0 when unknown.</param>
internal sealed class WalReader(WalFiles files, long checkpointed, long acknowledged)
{
    /// <summary>Receives each range of a file whose index is read instead of the file.</summary>
    public required Action<LogFile, LogRangeSummary> OnIndexed { get; init; }

    /// <summary>Receives each intact batch, in the order of the log.</summary>
    public required Action<LogFile, FoundBatch, WalRecord> OnBatch { get; init; }

    /// <summary>Receives each intact record that is not a batch; the payload is valid until the file has been read.</summary>
    public required Action<WalRecord, ReadOnlyMemory<byte>> OnRecord { get; init; }

    /// <summary>Receives each intact batch in a damaged range.</summary>
    public required Action<LogFile, FoundBatch> OnOrphan { get; init; }

    /// <summary>Receives each damaged range that was acknowledged and ends after the checkpoint.</summary>
    public required Action<WalDamage> OnDamage { get; init; }

    /// <summary>Bytes after the end of the log, left by a write that was not completed.</summary>
    public long TornBytes { get; private set; }

    /// <summary>True when the last file is intact, so that it can be continued.</summary>
    public bool LastFileIsIntact { get; private set; }

    /// <returns>The position after the last record, never before the checkpoint.</returns>
    /// <exception cref="StorageException">The file that the checkpoint needs is missing.</exception>
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
                $"The write-ahead log does not contain position {checkpointed}, where recovery begins: files are missing. "
                    + $"Restore them from a backup.");
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
        foreach (var range in index.Ranges)
        {
            OnIndexed(file, range);
        }

        return index.End;
    }

    private long ReadFile(LogFile file, long? next)
    {
        var content = new LogFileContent(file, next, acknowledged);
        var position = file.Start;
        var isIntact = content.HasHeader;
        if (!isIntact)
        {
            // A file is created before anything in it is acknowledged, so a torn header means an empty file, unless an intact record
            // follows.
            if (content.FindRecord(position) is { } any)
            {
                ReportDamage(file, content, position, any);
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
                isIntact = false;
                ReportDamage(file, content, position, later);
                position = later;
                continue;
            }

            break;
        }

        if (next is { } end)
        {
            if (position < end)
            {
                ReportDamage(file, content, position, end);
            }

            return end;
        }

        LastFileIsIntact = isIntact && position >= Math.Max(acknowledged, checkpointed);
        if (position < acknowledged)
        {
            Salvage(file, content, position, acknowledged);
        }

        TornBytes += Math.Max(content.End - Math.Max(position, checkpointed), 0);
        return position;
    }

    private void ReportDamage(LogFile file, LogFileContent content, long from, long to)
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
