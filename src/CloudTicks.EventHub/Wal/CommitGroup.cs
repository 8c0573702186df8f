namespace CloudTicks.EventHub.Wal;

/// <summary>Entries that share one write and one flush, or the mark of a checkpoint between two writes.</summary>
internal sealed class CommitGroup
{
    private readonly List<long> _positions = [];
    private readonly List<(long Position, int FirstPiece)> _runs = [];
    private byte[] _headers = [];
    private int _usedHeaderBytes;

    public List<LogEntry> Entries { get; } = [];

    /// <summary>For each entry, at the same index: true when the entry is part of the write.</summary>
    public List<bool> IsEntryWritten { get; } = [];

    public List<ReadOnlyMemory<byte>> Pieces { get; } = [];

    public long Start { get; private set; }

    public long End { get; private set; }

    /// <summary>The large entry with a slice in this write; null when there is none, or after its last slice.</summary>
    public SlicedWrite? Sliced { get; private set; }

    /// <summary>A complete file and its end, to be sealed before this group is applied.</summary>
    public (LogFile File, long End)? Full { get; set; }

    /// <summary>Set on a group without entries: called when the apply thread has applied everything before this group.</summary>
    public Action? Mark { get; set; }

    /// <summary>Log thread: prepares each entry and lays out its record, followed by a slice of a large entry.</summary>
    /// <param name="sliced">The large entry in progress, or null. With its last slice it becomes an entry of the group.</param>
    /// <param name="sliceBytes">Maximum bytes of the slice.</param>
    public void LayOut(long position, SlicedWrite? sliced, int sliceBytes)
    {
        Start = End = position;
        (Sliced, DropsSlices) = (sliced, false);
        IsEntryWritten.Clear();
        Pieces.Clear();
        _positions.Clear();
        _runs.Clear();
        _runs.Add((position, 0));
        var neededBytes = (Entries.Count + 1) * (WalRecord.HeaderBytes + BatchAddress.Bytes) + WalRecord.HeaderBytes;
        if (_headers.Length < neededBytes)
        {
            _headers = new byte[Math.Max(neededBytes, 4096)];
        }

        _usedHeaderBytes = 0;
        for (var i = 0; i < Entries.Count; i++)
        {
            var entry = Entries[i];
            if (Sliced is { IsPlaced: true } && !Sliced.HasRoom(End, entry.Bytes))
            {
                LayOutRest(i++);
            }

            if (!entry.Prepare())
            {
                AddPosition(isWritten: false, End);
                continue;
            }

            var payload = entry.Payload;
            if (Sliced is { IsPlaced: true } && !Sliced.HasRoom(End, payload.Bytes.Length))
            {
                LayOutRest(i++);
            }

            AddPosition(isWritten: true, End);
            LayOutHeader(entry.Kind, payload, End);
            Pieces.Add(payload.Bytes);
        }

        if (Sliced is not null)
        {
            LayOutSlice(sliceBytes);
        }

        Bytes = Pieces.Sum(static piece => (long)piece.Length);
    }

    /// <summary>The contiguous runs of bytes to write, with their log positions.</summary>
    public IEnumerable<(long Position, IReadOnlyList<ReadOnlyMemory<byte>> Pieces)> Runs
    {
        get
        {
            for (var i = 0; i < _runs.Count; i++)
            {
                var (position, first) = _runs[i];
                var end = i + 1 < _runs.Count ? _runs[i + 1].FirstPiece : Pieces.Count;
                if (end > first)
                {
                    yield return (position, _runs.Count == 1 ? Pieces : Pieces.GetRange(first, end - first));
                }
            }
        }
    }

    /// <summary>Bytes to write.</summary>
    public long Bytes { get; private set; }

    /// <summary>True when an entry is refused although some of its slices were already written.</summary>
    public bool DropsSlices { get; private set; }

    /// <summary>Bytes of the slice in this write; 0 when there is none, or for the last slice.</summary>
    public int SliceBytes => Sliced is null ? 0 : Pieces[^1].Length;

    /// <summary>Log thread: called when the whole group is durable.</summary>
    public void OnStored(LogFile file)
    {
        for (var i = 0; i < Entries.Count; i++)
        {
            if (IsEntryWritten[i])
            {
                Entries[i].OnStored(file, _positions[i]);
            }
        }
    }

    /// <summary>Refuses all entries except those that free space, because the disk is almost full.</summary>
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
        for (var i = IsEntryWritten.Count - 1; i >= 0; i--)
        {
            if (IsEntryWritten[i])
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
        IsEntryWritten.Clear();
        Pieces.Clear();
        _positions.Clear();
        _runs.Clear();
        Sliced = null;
        Mark = null;
        Full = null;
    }

    private void AddPosition(bool isWritten, long position)
    {
        IsEntryWritten.Add(isWritten);
        _positions.Add(position);
    }

    /// <summary>Lays out the header of a record, and moves the end after the record.</summary>
    private void LayOutHeader(RecordKind kind, in EntryPayload payload, long position)
    {
        var addressBytes = payload.Address is null ? 0 : BatchAddress.Bytes;
        var header = AllocateHeader(WalRecord.HeaderBytes + addressBytes);
        payload.Address?.Write(header.Span[WalRecord.HeaderBytes..]);
        var record = new WalRecord(addressBytes + payload.Bytes.Length, position, Start, kind, addressBytes + payload.CheckedBytes);
        record.Write(header.Span, payload.Bytes.Span[..payload.CheckedBytes]);
        Pieces.Add(header);
        End = record.End;
    }

    /// <summary>Lays out the next slice of the large entry, after the room for other records.</summary>
    private void LayOutSlice(int sliceBytes)
    {
        var sliced = Sliced!;
        if (!sliced.IsPlaced)
        {
            sliced.Place(End);
        }

        var payload = sliced.Entry.Payload;
        var rest = payload.Bytes[(payload.CheckedBytes + sliced.WrittenBytes)..];
        if (rest.Length <= sliceBytes)
        {
            LayOutRest(Entries.Count);
            return;
        }

        _runs.Add((SlicesPosition(sliced, payload) + sliced.WrittenBytes, Pieces.Count));
        Pieces.Add(rest[..sliceBytes]);
    }

    /// <summary>Lays out the rest of the large entry and its header, which makes the entry part of the log.</summary>
    private void LayOutRest(int index)
    {
        var sliced = Sliced!;
        var entry = sliced.Entry;
        Sliced = null;
        Entries.Insert(index, entry);
        if (!entry.Prepare())
        {
            AddPosition(isWritten: false, End);
            DropsSlices = sliced.WrittenBytes > 0;
            return;
        }

        var padding = new WalRecord((int)(sliced.Position - End) - WalRecord.HeaderBytes, End, Start, RecordKind.Padding, 0);
        var header = AllocateHeader(WalRecord.HeaderBytes);
        padding.Write(header.Span, []);
        Pieces.Add(header);
        var payload = entry.Payload;
        _runs.Add((sliced.Position, Pieces.Count));
        AddPosition(isWritten: true, sliced.Position);
        LayOutHeader(entry.Kind, payload, sliced.Position);
        Pieces.Add(payload.Bytes[..payload.CheckedBytes]);
        if (sliced.WrittenBytes > 0)
        {
            _runs.Add((SlicesPosition(sliced, payload) + sliced.WrittenBytes, Pieces.Count));
        }

        Pieces.Add(payload.Bytes[(payload.CheckedBytes + sliced.WrittenBytes)..]);
    }

    private static long SlicesPosition(SlicedWrite sliced, in EntryPayload payload) =>
        sliced.Position + WalRecord.HeaderBytes + BatchAddress.Bytes + payload.CheckedBytes;

    private Memory<byte> AllocateHeader(int bytes)
    {
        var header = _headers.AsMemory(_usedHeaderBytes, bytes);
        _usedHeaderBytes += bytes;
        return header;
    }
}
