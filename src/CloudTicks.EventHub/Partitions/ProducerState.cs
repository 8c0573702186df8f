using System.Runtime.CompilerServices;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Partitions;

/// <summary>What a partition remembers of one idempotent producer: its epoch and its last five batches.</summary>
internal struct ProducerState
{
    public const int Remembered = 5;

    private Ring _batches;

    public short Epoch { get; private set; }

    /// <summary>Batches of it may have been lost: the next one may be further on than the last one that is remembered.</summary>
    public bool MayJump { get; set; }

    /// <summary>Batches remembered, up to five.</summary>
    public int Count { get; private set; }

    public readonly long LastOffset => Count == 0 ? -1 : _batches[Count - 1].BaseOffset;

    public readonly ProducerBatch this[int index] => _batches[index];

    /// <summary>Judges the next batch of a producer that is known.</summary>
    /// <param name="originalOffset">Set when the batch is a repeat of one that is remembered: where that one lies.</param>
    public readonly ErrorCode Judge(in RecordBatch batch, out long originalOffset)
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

        // Sequences wrap to 0 behind the largest int; half the range behind is taken for the past.
        return unchecked(next - batch.BaseSequence) is > 0 and < int.MaxValue / 2 ? ErrorCode.DuplicateSequence
            : MayJump ? ErrorCode.None
            : ErrorCode.OutOfOrderSequence;
    }

    public void Add(short epoch, ProducerBatch batch)
    {
        MayJump = false;
        if (epoch != Epoch)
        {
            Epoch = epoch;
            Count = 0;
        }

        if (Count == Remembered)
        {
            for (var i = 1; i < Remembered; i++)
            {
                _batches[i - 1] = _batches[i];
            }

            Count--;
        }

        _batches[Count++] = batch;
    }

    [InlineArray(Remembered)]
    private struct Ring
    {
        private ProducerBatch _first;
    }
}

/// <summary>One batch of an idempotent producer: its first sequence, its records, where it lies.</summary>
internal readonly record struct ProducerBatch(int BaseSequence, int Count, long BaseOffset)
{
    public int NextSequence => (int)(((long)BaseSequence + Count) & int.MaxValue);
}
