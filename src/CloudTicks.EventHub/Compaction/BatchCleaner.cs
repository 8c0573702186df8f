using CloudTicks.EventHub.Records;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Compaction;

/// <summary>
/// Removes the records of a batch that newer records of the same key supersede. The remaining records keep their offsets and their codec. A
/// batch that keeps tombstones for the first time gets their delete horizon in its header, as in Kafka.
/// </summary>
/// <param name="newestOffsets">The newest offset of each key.</param>
/// <param name="now">Unix milliseconds.</param>
/// <param name="deleteRetentionMs">Milliseconds after <paramref name="now"/> for which tombstones are kept.</param>
internal sealed class BatchCleaner(KeyOffsets newestOffsets, long now, long deleteRetentionMs) : IDisposable
{
    private readonly RecordBuffer _unpacked = new(BatchContent.MaxUnpackedBytes);
    private readonly RecordBuffer _keptRecords = new(int.MaxValue);

    /// <summary>The earliest time at which a kept tombstone may be removed; long.MaxValue when none may be removed.</summary>
    public long TombstonesUntil { get; private set; } = long.MaxValue;

    /// <summary>True when older records may remain: later tombstones must then be kept, or those records would reappear.</summary>
    public bool KeepTombstones { get; set; }

    /// <summary>Writes the remaining records of a batch.</summary>
    /// <returns>False when no record remains.</returns>
    public bool TryClean(in RecordBatch batch, ReadOnlyMemory<byte> bytes, RecordBuffer to)
    {
        if (batch.Count == 0)
        {
            return false;
        }

        var horizon = batch.DeleteHorizon;
        if (!TrySelect(batch, bytes, horizon is { } until && until <= now && !KeepTombstones, out var selection))
        {
            KeepTombstones = true; // a batch that cannot be read may contain older records
            to.Append(bytes.Span);
            return true;
        }

        if (selection.Count == 0)
        {
            return false;
        }

        if (selection.HasTombstones)
        {
            horizon ??= now + deleteRetentionMs;
            TombstonesUntil = KeepTombstones ? TombstonesUntil : Math.Min(TombstonesUntil, horizon.Value);
        }

        if (selection.Count == batch.Count && horizon == batch.DeleteHorizon)
        {
            to.Append(bytes.Span);
            return true;
        }

        Write(batch, selection, horizon, bytes.Span, to);
        return true;
    }

    public void Dispose()
    {
        _unpacked.Dispose();
        _keptRecords.Dispose();
    }

    /// <summary>Unpacks the records and counts those to keep.</summary>
    /// <returns>False when the records cannot be read.</returns>
    private bool TrySelect(in RecordBatch batch, ReadOnlyMemory<byte> bytes, bool dropTombstones, out Selection selection)
    {
        selection = new Selection(0, 0, false, long.MinValue, dropTombstones);
        _unpacked.Clear();
        if (!RecordCodecs.TryUnpack((RecordCodec)batch.Codec, bytes[RecordBatch.HeaderBytes..], _unpacked))
        {
            return false;
        }

        var reader = new RecordReader(_unpacked.Span);
        for (var i = 0; i < batch.Count; i++)
        {
            if (!reader.TryRead(out var record))
            {
                return false;
            }

            if (IsKept(batch, record, dropTombstones))
            {
                selection = new Selection(
                    selection.Count + 1, record.OffsetDelta, selection.HasTombstones || (record.HasKey && !record.HasValue),
                    Math.Max(selection.MaxTimestamp, batch.BaseTimestamp + record.TimestampDelta), dropTombstones);
            }
        }

        return reader.IsAtEnd;
    }

    private bool IsKept(in RecordBatch batch, in RecordView record, bool dropTombstones) =>
        !record.HasKey
        || (newestOffsets.Find(record.Key) <= batch.BaseOffset + record.OffsetDelta && (record.HasValue || !dropTombstones));

    private void Write(in RecordBatch batch, in Selection selection, long? horizon, ReadOnlySpan<byte> bytes, RecordBuffer to)
    {
        var baseTimestamp = horizon ?? batch.BaseTimestamp;
        _keptRecords.Clear();
        var reader = new RecordReader(_unpacked.Span);
        while (reader.TryRead(out var record))
        {
            if (IsKept(batch, record, selection.DropTombstones))
            {
                var timestamp = batch.BaseTimestamp + record.TimestampDelta - baseTimestamp;
                Varint.Write(1 + Varint.Size(timestamp) + Varint.Size(record.OffsetDelta) + record.Content.Length, _keptRecords);
                _keptRecords.Append(record.Attributes);
                Varint.Write(timestamp, _keptRecords);
                Varint.Write(record.OffsetDelta, _keptRecords);
                _keptRecords.Append(record.Content);
            }
        }

        var start = to.Length;
        to.Append(bytes[..RecordBatch.HeaderBytes]);
        RecordCodecs.Pack((RecordCodec)batch.Codec, _keptRecords.Span, to);
        RecordBatch.WriteCleanedHeader(
            to.WrittenFrom(start), selection.Count, selection.LastDelta, baseTimestamp, selection.MaxTimestamp,
            hasHorizon: horizon is not null);
    }

    private readonly record struct Selection(int Count, int LastDelta, bool HasTombstones, long MaxTimestamp, bool DropTombstones);
}
