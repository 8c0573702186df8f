using CloudTicks.Timescale.Storing.Duplicates;
using Microsoft.Extensions.Options;

namespace CloudTicks.Timescale.Storing;

/// <summary>
/// Stores the records of one partition, one call at a time. Each record is stored once, even if several programs deliver it.
/// </summary>
/// <param name="nextOffset">The partition's offset when it was opened; null when it was not read.</param>
internal sealed class PartitionStore(
    StreamPartition partition, long? nextOffset, IOptionsMonitor<TimescaleOptions> options, OffsetFence offsets, GroupCommit writer,
    NewestTick newest, StoreTelemetry telemetry, TimeProvider time)
    : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly RecordEncoder _encoder = new(partition.Partition, options.CurrentValue.RecentTicks);

    /// <summary>The partition's known offset; null before it is read, after a failure, and when another program has moved it.</summary>
    private long? _nextOffset = nextOffset;

    /// <summary>Whether the known offset was read when the partition was opened. Another program may have moved it since.</summary>
    private bool _isFromOpening = nextOffset is not null;

    /// <summary>The partition's offset after the last transaction whose ticks the encoder remembers.</summary>
    private long _recentUpTo;

    /// <summary>
    /// Refused records that were passed to the caller's handler, and whose offset is not committed yet. A retry does not pass them again.
    /// </summary>
    private readonly HashSet<(long Offset, string Reason)> _handedOver = [];

    private bool _likelyRepeats;

    public async Task<StoreResult> StoreAsync(
        IReadOnlyList<ArchivedRecord> records, long emptyFrom, RefusedRecordsHandler refused, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            return await StoreExclusivelyAsync(records, emptyFrom, refused, cancellationToken);
        }
        catch
        {
            _nextOffset = null;
            throw;
        }
        finally
        {
            _encoder.Drop();
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private async Task<StoreResult> StoreExclusivelyAsync(
        IReadOnlyList<ArchivedRecord> records, long emptyFrom, RefusedRecordsHandler refused, CancellationToken cancellationToken)
    {
        var (result, written) = (default(StoreResult), 0);
        while (true)
        {
            var next = _nextOffset ??= await ReadNextOffsetAsync(cancellationToken);
            var first = IndexOf(records, next);
            if (first == records.Count)
            {
                var skipped = Math.Max(0, records.Count - written);
                telemetry.Skipped(skipped);
                return result with { NextOffset = next, SkippedRecords = skipped };
            }

            if (records[first].Offset > next && next < emptyFrom)
            {
                if (_isFromOpening)
                {
                    _nextOffset = null;
                    continue;
                }

                throw new MissingRecordsException(partition, next, records[first].Offset);
            }

            var (end, refusals) = Encode(records, first);
            await HandOverAsync(refusals, refused, cancellationToken);
            WriteOutcome outcome;
            try
            {
                outcome = await WriteAsync(next, records[end - 1].Offset + 1, cancellationToken);
            }
            catch (RowsRefusedException problem)
            {
                // Retry without the refused rows, after handing them over.
                _encoder.Refuse(problem);
                _encoder.Drop();
                continue;
            }

            if (!outcome.Committed)
            {
                // Another program also stores this partition: read the offset again.
                _nextOffset = null;
                _encoder.Drop();
                continue;
            }

            result = Committed(result, outcome, refusals, records[end - 1].Offset + 1);
            telemetry.Measure(records.Skip(first).Take(end - first), time);
            written += end - first;
        }
    }

    private async Task<long> ReadNextOffsetAsync(CancellationToken cancellationToken)
    {
        var next = await offsets.ReadAsync(partition, cancellationToken);
        _isFromOpening = false;
        await newest.EnsureReadAsync(cancellationToken);
        if (next < _recentUpTo)
        {
            // The database was restored to an earlier state, so the recent ticks may be missing.
            telemetry.DatabaseRestored(partition, _recentUpTo, next);
            _encoder.ClearRecent();
            _recentUpTo = next;
        }

        return next;
    }

    private (int End, List<RefusedRecord> Refusals) Encode(IReadOnlyList<ArchivedRecord> records, int first)
    {
        var (end, refusals, oldestMs) = (first, new List<RefusedRecord>(), OldestMs());
        var bounds = options.CurrentValue;
        while (end < records.Count && _encoder.RowCount + _encoder.Gaps.Count < bounds.RowsPerPartition
            && _encoder.Rows.Length < bounds.BytesPerTransaction)
        {
            _encoder.Encode(records[end++], oldestMs, refusals);
        }

        return (end, refusals);
    }

    private async Task HandOverAsync(List<RefusedRecord> refusals, RefusedRecordsHandler refused, CancellationToken cancellationToken)
    {
        var newRefusals = refusals.FindAll(refusal => !_handedOver.Contains((refusal.Offset, refusal.Reason)));
        if (newRefusals.Count > 0)
        {
            await refused(newRefusals, cancellationToken);
            _handedOver.UnionWith(newRefusals.Select(refusal => (refusal.Offset, refusal.Reason)));
            telemetry.Refused(partition, newRefusals);
        }
    }

    private async Task<WriteOutcome> WriteAsync(long expected, long next, CancellationToken cancellationToken)
    {
        var write = new PendingWrite(partition, expected, next, _encoder.Rows, _encoder.RowCount)
        {
            Gaps = _encoder.Gaps,
            LikelyRepeats = _likelyRepeats && _encoder.RowCount > 0,
            Cancellation = cancellationToken,
        };
        return await writer.WriteAsync(write);
    }

    private StoreResult Committed(StoreResult result, WriteOutcome outcome, List<RefusedRecord> refused, long next)
    {
        var rowsInTable = _encoder.RowCount - outcome.InsertedRows;
        _likelyRepeats = rowsInTable > 0;
        telemetry.Stored(partition, outcome.InsertedRows, _encoder.Repeated, rowsInTable, _encoder.Expired, _encoder.Gaps.Count);
        result = result with
        {
            StoredTicks = result.StoredTicks + outcome.InsertedRows,
            RepeatedTicks = result.RepeatedTicks + _encoder.Repeated + rowsInTable,
            ExpiredTicks = result.ExpiredTicks + _encoder.Expired,
            RefusedRecords = result.RefusedRecords + refused.Count,
            RefusedTicks = result.RefusedTicks + refused.Sum(refusal => (long)refusal.Ticks),
            GapStates = result.GapStates + _encoder.Gaps.Count,
        };
        newest.Raise(_encoder.NewestMs);
        _encoder.Committed();
        _handedOver.RemoveWhere(refusal => refusal.Offset < next);
        _nextOffset = _recentUpTo = next;
        _isFromOpening = false;
        return result;
    }

    /// <summary>
    /// Returns the time before which ticks are too old to store. Uses the earlier of two clocks: with a clock that is days ahead, all
    /// live ticks would be too old.
    /// </summary>
    private long OldestMs() => options.CurrentValue.RetentionWindow is { } window
        ? Math.Min(time.GetUtcNow().ToUnixTimeMilliseconds(), newest.TimestampMs ?? long.MaxValue) - (long)window.TotalMilliseconds
        : long.MinValue;

    /// <summary>Returns the index of the first record at or above an offset.</summary>
    private static int IndexOf(IReadOnlyList<ArchivedRecord> records, long offset)
    {
        var index = 0;
        while (index < records.Count && records[index].Offset < offset)
        {
            index++;
        }

        return index;
    }
}
