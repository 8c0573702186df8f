using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Wal;

/// <summary>A log file, read whole. Positions are those of the log.</summary>
internal sealed class LogFileContent
{
    private readonly byte[] _bytes;
    private readonly long _start;
    private readonly long? _next;
    private readonly long _acknowledged;

    /// <param name="next">The position at which the next file begins; null for the last one.</param>
    /// <param name="acknowledged">Everything before this position is known to be acknowledged; 0 when nothing is known.</param>
    public LogFileContent(LogFile file, long? next, long acknowledged)
    {
        (_start, _next, _acknowledged) = (file.Start, next, acknowledged);
        var (open, isMine) = file.OpenToRead();
        try
        {
            _bytes = GC.AllocateUninitializedArray<byte>(checked((int)open.Length));
            open.Read(0, _bytes);
        }
        finally
        {
            if (isMine)
            {
                open.Dispose();
            }
        }
    }

    public bool HasHeader => WalFiles.IsHeader(_bytes, _start);

    /// <summary>Where the file's records end: at the next file's start, behind which a restart left only scraps.</summary>
    public long End => Math.Min(_next ?? long.MaxValue, _start + _bytes.Length - WalFiles.HeaderBytes);

    public ReadOnlyMemory<byte> Payload(WalRecord record) =>
        _bytes.AsMemory(At(record.Position) + WalRecord.HeaderBytes, record.PayloadBytes);

    /// <summary>The batch of a record that holds one.</summary>
    public FoundBatch BatchOf(WalRecord record)
    {
        var payload = Payload(record).Span;
        _ = RecordBatch.TryRead(payload[BatchAddress.Bytes..], out var batch);
        var at = At(record.Position) + WalRecord.HeaderBytes + BatchAddress.Bytes;
        return new FoundBatch(BatchAddress.Read(payload), batch, at, IsSure: true);
    }

    /// <summary>The record at a position, when it is whole.</summary>
    public WalRecord? RecordAt(long position)
    {
        var header = _bytes.AsSpan(At(position));
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
    /// Where reading can go on behind bytes that are no record, if they had been acknowledged. They had, when it is known, and when a
    /// later write follows them, because a write begins only when the one before is flushed.
    /// </summary>
    public long? NextAcknowledged(long damaged)
    {
        var first = FindRecord(damaged + 1);
        if (first is not null && damaged < _acknowledged)
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

        return _next is null ? null : first ?? _next;
    }

    /// <summary>
    /// Batches that are whole although the headers of their records are not, by their own checksums. These cover neither the address in
    /// front of them nor their offset; where the record's checksum does not hold for both either, the caller has to judge.
    /// </summary>
    public IEnumerable<FoundBatch> BatchesBetween(long from, long to)
    {
        var end = (int)Math.Min(to - _start + WalFiles.HeaderBytes, _bytes.Length);
        for (var at = At(from) + BatchAddress.Bytes; at < end; at++)
        {
            if (WholeBatchAt(at, end) is { } batch)
            {
                yield return new FoundBatch(BatchAddress.Read(_bytes.AsSpan(at - BatchAddress.Bytes)), batch, at, IsSure(batch, at));
                at += (int)batch.TotalBytes - 1;
            }
        }
    }

    /// <summary>All whole batches.</summary>
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

            var behind = FindRecord(position + 1) ?? End;
            foreach (var found in BatchesBetween(position, behind))
            {
                yield return found;
            }

            position = behind;
        }
    }

    /// <summary>True when the record's checksum is right for the header that the batch must have had.</summary>
    private bool IsSure(in RecordBatch batch, int at)
    {
        var from = at - BatchAddress.Bytes - WalRecord.HeaderBytes;
        if (from < WalFiles.HeaderBytes)
        {
            return false;
        }

        var stored = _bytes.AsSpan(from, WalRecord.HeaderBytes + BatchAddress.Bytes);
        Span<byte> right = stackalloc byte[WalRecord.HeaderBytes + BatchAddress.Bytes];
        stored.CopyTo(right);
        var record = new WalRecord(
            BatchAddress.Bytes + (int)batch.TotalBytes, _start + from - WalFiles.HeaderBytes, WalRecord.WriteStartOf(stored),
            RecordKind.Batch, BatchAddress.Bytes + RecordBatch.HeaderBytes);
        record.Write(right, _bytes.AsSpan(at, RecordBatch.HeaderBytes));
        return WalRecord.ChecksumOf(stored) == WalRecord.ChecksumOf(right);
    }

    private RecordBatch? WholeBatchAt(int at, int end)
    {
        var bytes = _bytes.AsSpan(at, end - at);
        return RecordBatch.MayBegin(bytes) && RecordBatch.TryRead(bytes, out var batch)
            && batch.TotalBytes >= RecordBatch.HeaderBytes && batch.TotalBytes <= bytes.Length
            && RecordBatch.IsIntact(bytes[..(int)batch.TotalBytes])
            ? batch
            : null;
    }

    private int At(long position) => checked((int)(position - _start + WalFiles.HeaderBytes));
}
