using CloudTicks.EventHub.Partitions;
using CloudTicks.EventHub.Topics;
using CloudTicks.EventHub.Wal;
using CloudTicks.EventHub.Wire;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.EventHub.Broker;

/// <summary>
/// Gives back the space of log files of which little is wanted any more, because their records expired or were deleted: what is left is
/// sorted out into segments of the partitions, durably, and then the file goes. Each batch is written again once at most.
/// </summary>
internal sealed class LogReclaim(
    TopicCatalog topics, WalFiles files, WriteAheadLog log, Disk disk, long fileBytes, ILogger logger)
{
    /// <summary>The growing file is ended for what is not wanted in it only when that is worth a new file.</summary>
    private const int WorthShare = 16;

    private const int ReadBytes = 1 << 20;

    /// <summary>Looks once. One caller at a time.</summary>
    public void TidyUp(CancellationToken cancellationToken)
    {
        var all = files.All;
        var isRolled = all is [.., { End: null } growing] && growing.ReleasedBytes > fileBytes / WorthShare
            && 2 * growing.ReleasedBytes > new FileInfo(growing.Path).Length;
        if (isRolled || files.WaitForCheckpoint)
        {
            log.RequestCheckpoint(isRolled);
        }

        foreach (var file in all.Where(f => f.IsIndexed && f.Stretches.Count > 0 && IsMostlyUnwanted(f)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            SortOut(file);
        }
    }

    private static bool IsMostlyUnwanted(LogFile file) => 2 * file.LiveBytes < new FileInfo(file.Path).Length - WalFiles.HeaderBytes;

    private void SortOut(LogFile file)
    {
        var bytes = 0L;
        try
        {
            foreach (var partition in topics.All.SelectMany(t => t.Partitions))
            {
                if (!partition.Rewriting.TryEnter())
                {
                    continue; // it is being compacted; the next round takes what is left
                }

                try
                {
                    foreach (var slice in partition.View().Segments.OfType<LogSlice>().Where(s => s.File == file && s.IsSealed))
                    {
                        SortOut(partition, slice);
                        bytes += slice.Bytes;
                    }
                }
                finally
                {
                    partition.Rewriting.Exit();
                }
            }

            logger.SortedOut(new(bytes), file.Path);
        }
        catch (SegmentDeletedException)
        {
            // deleted meanwhile
        }
        catch (InvalidDataException)
        {
            // A batch is damaged, which the scrub names: a person may still restore the file from a copy.
        }
        catch (Exception e) when (Disk.IsPassing(e))
        {
            logger.NotSortedOut(file.Path, e.Message);
        }
    }

    private void SortOut(PartitionLog partition, LogSlice slice)
    {
        var sorted = FileSegment.Write(disk, partition.Folder, slice.BaseOffset, slice.NextOffset, Batches(slice));
        if (partition.Replace([slice], [sorted]))
        {
            slice.Remove();
            return;
        }

        sorted.Remove();
        if (partition.Gone)
        {
            disk.DeleteFolder(Path.GetDirectoryName(partition.Folder)!);
        }
    }

    /// <exception cref="InvalidDataException">One is not what was written.</exception>
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
