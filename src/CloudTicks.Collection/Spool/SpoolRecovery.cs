using CloudTicks.Foundations.Disks;

namespace CloudTicks.Collection.Spool;

internal static class SpoolRecovery
{
    /// <summary>
    /// Returns the spool's files, oldest first. Reads only their headers, except for the last file, which is read completely because it may
    /// end in an incomplete record.
    /// </summary>
    public static List<SpoolSegment> Read(string folder, Disk disk, Action<string, long> onTornTail)
    {
        var segments = Directory.EnumerateFiles(folder, "*" + SpoolSegment.Extension).Select(SpoolSegment.Of).OfType<SpoolSegment>()
            .OrderBy(segment => segment.FirstSequence).ToList();
        foreach (var segment in segments)
        {
            ReadHead(segment, disk);
        }

        for (var index = 0; index + 1 < segments.Count; index++)
        {
            segments[index].LastSequence = segments[index + 1].FirstSequence - 1;
        }

        while (segments.Count > 0 && !ReadLast(segments[^1], disk, onTornTail))
        {
            disk.Delete(segments[^1].Path);
            segments.RemoveAt(segments.Count - 1);
        }

        return segments;
    }

    private static void ReadHead(SpoolSegment segment, Disk disk)
    {
        using var file = disk.OpenToRead(segment.Path);
        Span<byte> head = stackalloc byte[SpoolSegment.HeadBytes + SpoolFrame.HeadBytes];
        var read = file.Read(0, head);
        SpoolSegment.CheckHead(segment.Path, head[..Math.Min(read, SpoolSegment.HeadBytes)]);
        segment.Length = file.Length;
        segment.FirstSpooledMs = read == head.Length && SpoolFrame.TryRead(head[SpoolSegment.HeadBytes..], out var frame)
            ? frame.SpooledMs : new DateTimeOffset(File.GetLastWriteTimeUtc(segment.Path)).ToUnixTimeMilliseconds();
    }

    private static bool ReadLast(SpoolSegment segment, Disk disk, Action<string, long> onTornTail)
    {
        long end;
        var last = 0L;
        using (var reader = new SegmentReader(disk, segment.Path, segment.FirstSequence))
        {
            while (reader.TryRead(segment.Length, out var frame, out _))
            {
                last = frame.Sequence;
            }

            end = reader.IntactEnd;
        }

        if (last == 0)
        {
            if (segment.Length > SpoolSegment.HeadBytes)
            {
                onTornTail(segment.Path, segment.Length - SpoolSegment.HeadBytes);
            }

            return false;
        }

        segment.LastSequence = last;
        if (end < segment.Length)
        {
            onTornTail(segment.Path, segment.Length - end);
            using var file = disk.Open(segment.Path);
            file.Truncate(end);
            file.Flush();
            segment.Length = end;
        }

        return true;
    }
}
