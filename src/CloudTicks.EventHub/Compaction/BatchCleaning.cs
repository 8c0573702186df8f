using CloudTicks.EventHub.Records;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Compaction;

/// <summary>
/// Takes the records out of a batch that newer ones of their keys have replaced. What is left keeps its offsets and its codec, and the
/// batch ends with the last of them. A batch that keeps tombstones for the first time says in its header until when, as Kafka writes it.
/// </summary>
/// <param name="newest">The newest offset of each key.</param>
/// <param name="now">Unix milliseconds.</param>
/// <param name="deleteRetentionMs">How long tombstones are kept from now on.</param>
internal sealed class BatchCleaning(KeyOffsets newest, long now, long deleteRetentionMs) : IDisposable
{
    private readonly RecordBuffer _unpacked = new(BatchContent.MaxUnpackedBytes);
    private readonly RecordBuffer _kept = new(int.MaxValue);

    /// <summary>The earliest time at which a kept tombstone may go; the largest long when there is none.</summary>
    public long TombstonesUntil { get; private set; } = long.MaxValue;

    /// <summary>Set where older records may have stayed: tombstones behind them must stay too, or they would come back.</summary>
    public bool KeepTombstones { get; set; }

    /// <summary>Writes what is left of a batch.</summary>
    /// <returns>False when nothing is.</returns>
    public bool TryThin(in RecordBatch batch, ReadOnlyMemory<byte> bytes, RecordBuffer to)
    {
        if (batch.Count == 0)
        {
            return false;
        }

        var horizon = batch.DeleteHorizon;
        if (!TryChoose(batch, bytes, horizon is { } until && until <= now && !KeepTombstones, out var choice))
        {
            KeepTombstones = true; // what cannot be read may hold older records
            to.Append(bytes.Span);
            return true;
        }

        if (choice.Count == 0)
        {
            return false;
        }

        if (choice.HasTombstones)
        {
            horizon ??= now + deleteRetentionMs;
            TombstonesUntil = KeepTombstones ? TombstonesUntil : Math.Min(TombstonesUntil, horizon.Value);
        }

        if (choice.Count == batch.Count && horizon == batch.DeleteHorizon)
        {
            to.Append(bytes.Span);
            return true;
        }

        Write(batch, choice, horizon, bytes.Span, to);
        return true;
    }

    public void Dispose()
    {
        _unpacked.Dispose();
        _kept.Dispose();
    }

    /// <summary>Unpacks the records and counts those that stay.</summary>
    /// <returns>False when they cannot be read.</returns>
    private bool TryChoose(in RecordBatch batch, ReadOnlyMemory<byte> bytes, bool dropTombstones, out Choice choice)
    {
        choice = new Choice(0, 0, false, long.MinValue, dropTombstones);
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

            if (Stays(batch, record, dropTombstones))
            {
                choice = new Choice(
                    choice.Count + 1, record.OffsetDelta, choice.HasTombstones || (record.HasKey && !record.HasValue),
                    Math.Max(choice.MaxTimestamp, batch.BaseTimestamp + record.TimestampDelta), dropTombstones);
            }
        }

        return reader.IsAtEnd;
    }

    private bool Stays(in RecordBatch batch, in RecordView record, bool dropTombstones) =>
        !record.HasKey
        || (newest.Find(record.Key) <= batch.BaseOffset + record.OffsetDelta && (record.HasValue || !dropTombstones));

    private void Write(in RecordBatch batch, in Choice choice, long? horizon, ReadOnlySpan<byte> bytes, RecordBuffer to)
    {
        var baseTimestamp = horizon ?? batch.BaseTimestamp;
        _kept.Clear();
        var reader = new RecordReader(_unpacked.Span);
        while (reader.TryRead(out var record))
        {
            if (Stays(batch, record, choice.DropTombstones))
            {
                var timestamp = batch.BaseTimestamp + record.TimestampDelta - baseTimestamp;
                Varint.Write(1 + Varint.Size(timestamp) + Varint.Size(record.OffsetDelta) + record.Content.Length, _kept);
                _kept.Append(record.Attributes);
                Varint.Write(timestamp, _kept);
                Varint.Write(record.OffsetDelta, _kept);
                _kept.Append(record.Content);
            }
        }

        var begin = to.Length;
        to.Append(bytes[..RecordBatch.HeaderBytes]);
        RecordCodecs.Pack((RecordCodec)batch.Codec, _kept.Span, to);
        RecordBatch.Thin(
            to.WrittenFrom(begin), choice.Count, choice.LastDelta, baseTimestamp, choice.MaxTimestamp, hasHorizon: horizon is not null);
    }

    private readonly record struct Choice(int Count, int LastDelta, bool HasTombstones, long MaxTimestamp, bool DropTombstones);
}
