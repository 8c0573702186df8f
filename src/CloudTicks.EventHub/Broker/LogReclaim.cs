using CloudTicks.EventHub.Partitions;
using CloudTicks.EventHub.Topics;
using CloudTicks.EventHub.Wal;
using CloudTicks.EventHub.Wire;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.EventHub.Broker;

/// <summary>
/// Frees log files that are mostly unused because their records expired or were deleted: moves the remaining records durably into segments
/// of the partitions, and then deletes the file. A batch is moved at most once.
/// </summary>
internal sealed class LogReclaim(
    TopicCatalog topics, WalFiles files, WriteAheadLog log, Disk disk, long fileBytes, ILogger logger)
{
    /// <summary>
    /// The growing file is closed early for reclaiming only when its unused bytes exceed the maximum file size divided by this number.
    /// </summary>
    private const int MinUnusedDivisor = 16;

    private const int ReadBytes = 1 << 20;

    /// <summary>Checks all files once. Not reentrant.</summary>
    public void Run(CancellationToken cancellationToken)
    {
        var all = files.All;
        var mustRoll = all is [.., { End: null } growing] && growing.ReleasedBytes > fileBytes / MinUnusedDivisor
            && SizeOf(growing) is { } size && 2 * growing.ReleasedBytes > size;
        if (mustRoll || files.NeedsCheckpoint)
        {
            log.RequestCheckpoint(mustRoll);
        }

        foreach (var file in all.Where(f => f.IsIndexed && f.Ranges.Count > 0 && IsMostlyUnused(f)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            MoveRecords(file);
        }
    }

    private static bool IsMostlyUnused(LogFile file) => SizeOf(file) is { } size && 2 * file.LiveBytes < size - WalFiles.HeaderBytes;

    /// <summary>The size in bytes; null when another thread has just deleted the file, after a checkpoint.</summary>
    private static long? SizeOf(LogFile file) => new FileInfo(file.Path) is { Exists: true } info ? info.Length : null;

    private void MoveRecords(LogFile file)
    {
        var bytes = 0L;
        try
        {
            foreach (var partition in topics.All.SelectMany(t => t.Partitions))
            {
                if (!partition.RewriteLock.TryEnter())
                {
                    continue; // compaction is running; the next run moves the rest
                }

                try
                {
                    foreach (var slice in partition.View().Segments.OfType<LogSlice>().Where(s => s.File == file && s.IsSealed))
                    {
                        MoveRecords(partition, slice);
                        bytes += slice.Bytes;
                    }
                }
                finally
                {
                    partition.RewriteLock.Exit();
                }
            }

            logger.RecordsMoved(new(bytes), file.Path);
        }
        catch (SegmentDeletedException)
        {
            // The records were deleted during the move.
        }
        catch (InvalidDataException)
        {
            // A batch is damaged. The scrub reports it, and the operator may restore the file from a backup.
        }
        catch (Exception e) when (Disk.IsTransient(e))
        {
            logger.RecordsNotMoved(file.Path, e.Message);
        }
    }

    private void MoveRecords(PartitionLog partition, LogSlice slice)
    {
        var sortedSegment = FileSegment.Write(disk, partition.Folder, slice.BaseOffset, slice.NextOffset, Batches(slice));
        if (partition.Replace([slice], [sortedSegment]))
        {
            slice.Remove();
            return;
        }

        sortedSegment.Remove();
        if (partition.IsDeleted)
        {
            disk.DeleteFolder(Path.GetDirectoryName(partition.Folder)!);
        }
    }

    /// <exception cref="InvalidDataException">A batch is damaged.</exception>
    private static IEnumerable<ReadOnlyMemory<byte>> Batches(LogSlice slice)
    {
        var buffer = new byte[ReadBytes];
        for (var position = 0L; position < slice.Bytes;)
        {
            var read = slice.Read(position, buffer, fromDisk: true, out _);
            var used = 0;
            while (RecordBatch.TryRead(buffer.AsSpan(used, read - used), out var batch) && batch.TotalBytes <= read - used)
            {
                var bytes = buffer.AsMemory(used, (int)Math.Max(batch.TotalBytes, 0));
                if (!RecordBatch.IsIntact(bytes.Span) || batch.BaseOffset < slice.BaseOffset || batch.NextOffset > slice.NextOffset)
                {
                    throw new InvalidDataException();
                }

                yield return bytes;
                used += bytes.Length;
            }

            position += used;
            if (used == 0)
            {
                buffer = RecordBatch.TryRead(buffer.AsSpan(0, read), out var large) && large.TotalBytes > buffer.Length
                    && position + large.TotalBytes <= slice.Bytes
                    ? new byte[large.TotalBytes]
                    : throw new InvalidDataException();
            }
        }
    }
}
