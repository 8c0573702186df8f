namespace CloudTicks.EventHub.Wal;

/// <summary>The entries that share one write and one flush, or a checkpoint's mark between two of them.</summary>
internal sealed class CommitGroup
{
    private readonly List<long> _positions = [];
    private byte[] _headers = [];

    public List<LogEntry> Entries { get; } = [];

    /// <summary>True for the entry of the same index when it was written.</summary>
    public List<bool> Written { get; } = [];

    public List<ReadOnlyMemory<byte>> Pieces { get; } = [];

    public long Start { get; private set; }

    public long End { get; private set; }

    /// <summary>A file that takes no more, when everything before this group is applied, and where it ends.</summary>
    public (LogFile File, long End)? Full { get; set; }

    /// <summary>Set on a group without entries: runs when the apply thread has applied everything before it.</summary>
    public Action? Mark { get; set; }

    /// <summary>Log thread: prepares each entry and lays out its record.</summary>
    public void Lay(long position)
    {
        Start = End = position;
        Written.Clear();
        Pieces.Clear();
        _positions.Clear();
        var needed = Entries.Count * (WalRecord.HeaderBytes + BatchAddress.Bytes);
        if (_headers.Length < needed)
        {
            _headers = new byte[Math.Max(needed, 4096)];
        }

        var used = 0;
        foreach (var entry in Entries)
        {
            var writes = entry.Prepare();
            Written.Add(writes);
            _positions.Add(End);
            if (!writes)
            {
                continue;
            }

            var payload = entry.Payload;
            var addressBytes = payload.Address is null ? 0 : BatchAddress.Bytes;
            var header = _headers.AsMemory(used, WalRecord.HeaderBytes + addressBytes);
            used += header.Length;
            payload.Address?.Write(header.Span[WalRecord.HeaderBytes..]);
            var record = new WalRecord(addressBytes + payload.Bytes.Length, End, Start, entry.Kind, addressBytes + payload.CheckedBytes);
            record.Write(header.Span, payload.Bytes.Span[..payload.CheckedBytes]);
            Pieces.Add(header);
            Pieces.Add(payload.Bytes);
            End = record.End;
        }
    }

    /// <summary>Log thread: everything is durable.</summary>
    public void Stored(LogFile file)
    {
        for (var i = 0; i < Entries.Count; i++)
        {
            if (Written[i])
            {
                Entries[i].Stored(file, _positions[i]);
            }
        }
    }

    /// <summary>The disk is nearly full: only what makes room stays in the group.</summary>
    public void RefuseForSpace()
    {
        foreach (var entry in Entries.Where(e => !e.FreesSpace))
        {
            entry.Fail(LogFailure.DiskFull);
        }

        Entries.RemoveAll(e => !e.FreesSpace);
    }

    public void Undo()
    {
        for (var i = Written.Count - 1; i >= 0; i--)
        {
            if (Written[i])
            {
                Entries[i].Undo();
            }
        }
    }

    public void Fail(LogFailure reason)
    {
        foreach (var entry in Entries)
        {
            entry.Fail(reason);
        }
    }

    public void Clear()
    {
        Entries.Clear();
        Written.Clear();
        Pieces.Clear();
        _positions.Clear();
        Mark = null;
        Full = null;
    }
}
