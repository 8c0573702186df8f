using System.Runtime.CompilerServices;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Partitions;

/// <summary>The state of one idempotent producer in a partition: its epoch and its last five batches.</summary>
internal struct ProducerState
{
    public const int MaxBatches = 5;

    private Ring _batches;

    public short Epoch { get; private set; }

    /// <summary>True when batches of the producer may be lost; its next batch may then leave a gap in the sequence.</summary>
    public bool AllowsGap { get; set; }

    /// <summary>The number of remembered batches, at most five.</summary>
    public int Count { get; private set; }

    public readonly long LastOffset => Count == 0 ? -1 : _batches[Count - 1].BaseOffset;

    public readonly ProducerBatch this[int index] => _batches[index];

    /// <summary>Validates the next batch of a known producer.</summary>
    /// <param name="originalOffset">For a repeat of a remembered batch, the offset of the original; otherwise -1.</param>
    public readonly ErrorCode Validate(in RecordBatch batch, out long originalOffset)
    {
        originalOffset = -1;
        if (batch.ProducerEpoch < Epoch)
        {
            return ErrorCode.InvalidProducerEpoch;
        }

        if (batch.ProducerEpoch > Epoch)
        {
            return batch.BaseSequence == 0 ? ErrorCode.None : ErrorCode.OutOfOrderSequence;
        }

        for (var i = 0; i < Count; i++)
        {
            if (_batches[i].BaseSequence == batch.BaseSequence && _batches[i].Count == batch.Count)
            {
                originalOffset = _batches[i].BaseOffset;
                return ErrorCode.None;
            }
        }

        var next = Count == 0 ? 0 : _batches[Count - 1].NextSequence;
        if (batch.BaseSequence == next)
        {
            return ErrorCode.None;
        }

        // Sequences wrap to 0 after int.MaxValue; the half of the range below the next sequence counts as the past.
        return unchecked(next - batch.BaseSequence) is > 0 and < int.MaxValue / 2 ? ErrorCode.DuplicateSequence
            : AllowsGap ? ErrorCode.None
            : ErrorCode.OutOfOrderSequence;
    }

    public void Add(short epoch, ProducerBatch batch)
    {
        AllowsGap = false;
        if (epoch != Epoch)
        {
            Epoch = epoch;
            Count = 0;
        }

        if (Count == MaxBatches)
        {
            for (var i = 1; i < MaxBatches; i++)
            {
                _batches[i - 1] = _batches[i];
            }

            Count--;
        }

        _batches[Count++] = batch;
    }

    [InlineArray(MaxBatches)]
    private struct Ring
    {
        private ProducerBatch _first;
    }
}

/// <summary>One batch of an idempotent producer: first sequence, number of records, first offset.</summary>
internal readonly record struct ProducerBatch(int BaseSequence, int Count, long BaseOffset)
{
    public int NextSequence => (int)(((long)BaseSequence + Count) & int.MaxValue);
}
