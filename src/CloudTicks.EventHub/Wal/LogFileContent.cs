using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Wal;

/// <summary>A log file read into memory. Positions are positions in the log, not offsets in the file.</summary>
internal sealed class LogFileContent
{
    private readonly byte[] _bytes;
    private readonly long _start;
    private readonly long? _nextFileStart;
    private readonly long _acknowledgedEnd;

    /// <param name="next">The position of the next file; null for the last file.</param>
    /// <param name="acknowledged">Everything before this position was acknowledged; 0 when unknown.</param>
    public LogFileContent(LogFile file, long? next, long acknowledged)
    {
        (_start, _nextFileStart, _acknowledgedEnd) = (file.Start, next, acknowledged);
        var (open, isOwned) = file.OpenToRead();
        try
        {
            _bytes = GC.AllocateUninitializedArray<byte>(checked((int)open.Length));
            open.Read(0, _bytes);
        }
        finally
        {
            if (isOwned)
            {
                open.Dispose();
            }
        }
    }

    public bool HasHeader => WalFiles.IsHeader(_bytes, _start);

    /// <summary>
    /// The end of the file's records, at most the start of the next file: the bytes after that position belong to a write that a crash
    /// interrupted.
    /// </summary>
    public long End => Math.Min(_nextFileStart ?? long.MaxValue, _start + _bytes.Length - WalFiles.HeaderBytes);

    public ReadOnlyMemory<byte> Payload(WalRecord record) =>
        _bytes.AsMemory(At(record.Position) + WalRecord.HeaderBytes, record.PayloadBytes);

    /// <summary>The batch of a batch record.</summary>
    public FoundBatch BatchOf(WalRecord record)
    {
        var payload = Payload(record).Span;
        _ = RecordBatch.TryRead(payload[BatchAddress.Bytes..], out var batch);
        var at = At(record.Position) + WalRecord.HeaderBytes + BatchAddress.Bytes;
        return new FoundBatch(BatchAddress.Read(payload), batch, at, IsAddressVerified: true);
    }

    /// <summary>The record at a position; null unless it is intact.</summary>
    public WalRecord? RecordAt(long position)
    {
        var header = _bytes.AsSpan(At(position));
        return WalRecord.TryRead(header, position, out var record) && record.End <= End
            && record.IsIntact(header[..WalRecord.HeaderBytes], Payload(record).Span)
            ? record
            : null;
    }

    /// <summary>The position of the first intact record at or after a position; null when there is none.</summary>
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
    /// The position at which reading continues after a damaged record; null when the record was not acknowledged, or when no intact record
    /// and no file follows it. A record was acknowledged if it is before the known acknowledged position, or if a later write or file
    /// follows, because a write begins only after the previous write was flushed.
    /// </summary>
    public long? NextAcknowledged(long damaged)
    {
        var first = FindRecord(damaged + 1);
        if (first is not null && damaged < _acknowledgedEnd)
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

        return _nextFileStart is null ? null : first ?? _nextFileStart;
    }

    /// <summary>
    /// Intact batches whose record headers are damaged. The checksum of a batch covers neither its address nor its offset; when the
    /// record's checksum does not confirm both, the caller must decide whether to use the batch.
    /// </summary>
    public IEnumerable<FoundBatch> BatchesBetween(long from, long to)
    {
        var end = (int)Math.Min(to - _start + WalFiles.HeaderBytes, _bytes.Length);
        for (var at = At(from) + BatchAddress.Bytes; at < end; at++)
        {
            if (IntactBatchAt(at, end) is { } batch)
            {
                var address = BatchAddress.Read(_bytes.AsSpan(at - BatchAddress.Bytes));
                yield return new FoundBatch(address, batch, at, IsAddressVerified(batch, at));
                at += (int)batch.TotalBytes - 1;
            }
        }
    }

    /// <summary>All intact batches.</summary>
    public IEnumerable<FoundBatch> Batches()
    {
        for (var position = _start; position < End;)
        {
            if (RecordAt(position) is { } record)
            {
                if (record.Kind == RecordKind.Batch)
                {
                    yield return BatchOf(record);
                }

                position = record.End;
                continue;
            }

            var next = FindRecord(position + 1) ?? End;
            foreach (var found in BatchesBetween(position, next))
            {
                yield return found;
            }

            position = next;
        }
    }

    /// <summary>True when the record's checksum matches the header that the batch must have had.</summary>
    private bool IsAddressVerified(in RecordBatch batch, int at)
    {
        var from = at - BatchAddress.Bytes - WalRecord.HeaderBytes;
        if (from < WalFiles.HeaderBytes)
        {
            return false;
        }

        var storedBytes = _bytes.AsSpan(from, WalRecord.HeaderBytes + BatchAddress.Bytes);
        Span<byte> expectedBytes = stackalloc byte[WalRecord.HeaderBytes + BatchAddress.Bytes];
        storedBytes.CopyTo(expectedBytes);
        var record = new WalRecord(
            BatchAddress.Bytes + (int)batch.TotalBytes, _start + from - WalFiles.HeaderBytes, WalRecord.WriteStartOf(storedBytes),
            RecordKind.Batch, BatchAddress.Bytes + RecordBatch.HeaderBytes);
        record.Write(expectedBytes, _bytes.AsSpan(at, RecordBatch.HeaderBytes));
        return WalRecord.ChecksumOf(storedBytes) == WalRecord.ChecksumOf(expectedBytes);
    }

    private RecordBatch? IntactBatchAt(int at, int end)
    {
        var bytes = _bytes.AsSpan(at, end - at);
        return RecordBatch.CouldBeHeader(bytes) && RecordBatch.TryRead(bytes, out var batch)
            && batch.TotalBytes >= RecordBatch.HeaderBytes && batch.TotalBytes <= bytes.Length
            && RecordBatch.IsIntact(bytes[..(int)batch.TotalBytes])
            ? batch
            : null;
    }

    private int At(long position) => checked((int)(position - _start + WalFiles.HeaderBytes));
}
