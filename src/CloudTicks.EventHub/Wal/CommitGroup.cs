namespace CloudTicks.EventHub.Wal;

/// <summary>The entries that share one write and one flush, or a checkpoint's mark between two of them.</summary>
internal sealed class CommitGroup
{
    private readonly List<long> _positions = [];
    private readonly List<(long Position, int FirstPiece)> _runs = [];
    private byte[] _headers = [];
    private int _usedOfHeaders;

    public List<LogEntry> Entries { get; } = [];

    /// <summary>True for the entry of the same index when it was written.</summary>
    public List<bool> Written { get; } = [];

    public List<ReadOnlyMemory<byte>> Pieces { get; } = [];

    public long Start { get; private set; }

    public long End { get; private set; }

    /// <summary>The large entry of which a slice is in this write; null when none is, or it is over.</summary>
    public SlicedWrite? Sliced { get; private set; }

    /// <summary>A file that takes no more, when everything before this group is applied, and where it ends.</summary>
    public (LogFile File, long End)? Full { get; set; }

    /// <summary>Set on a group without entries: runs when the apply thread has applied everything before it.</summary>
    public Action? Mark { get; set; }

    /// <summary>Log thread: prepares each entry and lays out its record, and a slice of a large entry behind them.</summary>
    /// <param name="sliced">The large entry that is on its way, or null. It becomes an entry of the group with its last slice.</param>
    /// <param name="sliceBytes">The largest slice.</param>
    public void Lay(long position, SlicedWrite? sliced, int sliceBytes)
    {
        Start = End = position;
        (Sliced, AbandonsSlices) = (sliced, false);
        Written.Clear();
        Pieces.Clear();
        _positions.Clear();
        _runs.Clear();
        _runs.Add((position, 0));
        var needed = (Entries.Count + 1) * (WalRecord.HeaderBytes + BatchAddress.Bytes) + WalRecord.HeaderBytes;
        if (_headers.Length < needed)
        {
            _headers = new byte[Math.Max(needed, 4096)];
        }

        _usedOfHeaders = 0;
        for (var i = 0; i < Entries.Count; i++)
        {
            var entry = Entries[i];
            if (Sliced is { IsPlaced: true } && !Sliced.HasRoom(End, entry.Bytes))
            {
                LayRest(i++);
            }

            if (!entry.Prepare())
            {
                Note(written: false, End);
                continue;
            }

            var payload = entry.Payload;
            if (Sliced is { IsPlaced: true } && !Sliced.HasRoom(End, payload.Bytes.Length))
            {
                LayRest(i++);
            }

            Note(written: true, End);
            Begin(entry.Kind, payload, End);
            Pieces.Add(payload.Bytes);
        }

        if (Sliced is not null)
        {
            LaySlice(sliceBytes);
        }

        Bytes = Pieces.Sum(static piece => (long)piece.Length);
    }

    /// <summary>What is written in one piece, and where it begins in the log.</summary>
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

    /// <summary>True when slices of an entry were written that is refused now.</summary>
    public bool AbandonsSlices { get; private set; }

    /// <summary>Bytes of the slice that is in this write, when it is not the last one.</summary>
    public int SliceBytes => Sliced is null ? 0 : Pieces[^1].Length;

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
        _runs.Clear();
        Sliced = null;
        Mark = null;
        Full = null;
    }

    private void Note(bool written, long position)
    {
        Written.Add(written);
        _positions.Add(position);
    }

    /// <summary>Lays the header of a record, and moves the end behind the record.</summary>
    private void Begin(RecordKind kind, in EntryPayload payload, long position)
    {
        var addressBytes = payload.Address is null ? 0 : BatchAddress.Bytes;
        var header = HeaderOf(WalRecord.HeaderBytes + addressBytes);
        payload.Address?.Write(header.Span[WalRecord.HeaderBytes..]);
        var record = new WalRecord(addressBytes + payload.Bytes.Length, position, Start, kind, addressBytes + payload.CheckedBytes);
        record.Write(header.Span, payload.Bytes.Span[..payload.CheckedBytes]);
        Pieces.Add(header);
        End = record.End;
    }

    /// <summary>The next slice of the large entry, behind the room for others.</summary>
    private void LaySlice(int sliceBytes)
    {
        var sliced = Sliced!;
        if (!sliced.IsPlaced)
        {
            sliced.Place(End);
        }

        var payload = sliced.Entry.Payload;
        var rest = payload.Bytes[(payload.CheckedBytes + sliced.Done)..];
        if (rest.Length <= sliceBytes)
        {
            LayRest(Entries.Count);
            return;
        }

        _runs.Add((BodyOf(sliced, payload) + sliced.Done, Pieces.Count));
        Pieces.Add(rest[..sliceBytes]);
    }

    /// <summary>What is left of the large entry, and its header, which makes it a part of the log.</summary>
    private void LayRest(int index)
    {
        var sliced = Sliced!;
        var entry = sliced.Entry;
        Sliced = null;
        Entries.Insert(index, entry);
        if (!entry.Prepare())
        {
            Note(written: false, End);
            AbandonsSlices = sliced.Done > 0;
            return;
        }

        var padding = new WalRecord((int)(sliced.Position - End) - WalRecord.HeaderBytes, End, Start, RecordKind.Padding, 0);
        var header = HeaderOf(WalRecord.HeaderBytes);
        padding.Write(header.Span, []);
        Pieces.Add(header);
        var payload = entry.Payload;
        _runs.Add((sliced.Position, Pieces.Count));
        Note(written: true, sliced.Position);
        Begin(entry.Kind, payload, sliced.Position);
        Pieces.Add(payload.Bytes[..payload.CheckedBytes]);
        if (sliced.Done > 0)
        {
            _runs.Add((BodyOf(sliced, payload) + sliced.Done, Pieces.Count));
        }

        Pieces.Add(payload.Bytes[(payload.CheckedBytes + sliced.Done)..]);
    }

    private static long BodyOf(SlicedWrite sliced, in EntryPayload payload) =>
        sliced.Position + WalRecord.HeaderBytes + BatchAddress.Bytes + payload.CheckedBytes;

    private Memory<byte> HeaderOf(int bytes)
    {
        var header = _headers.AsMemory(_usedOfHeaders, bytes);
        _usedOfHeaders += bytes;
        return header;
    }
}
