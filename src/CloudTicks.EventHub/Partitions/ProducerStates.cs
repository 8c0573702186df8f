using System.Runtime.InteropServices;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Partitions;

/// <summary>The idempotent producers of one partition. Used by the log thread only.</summary>
internal sealed class ProducerStates
{
    /// <summary>
    /// The number of producers that <see cref="Trim"/> keeps. Producers are trimmed at each checkpoint, and when their number exceeds
    /// twice this maximum. Removed producers may continue with any sequence.
    /// </summary>
    public const int MaxProducers = 4096;

    private readonly Dictionary<long, ProducerState> _producers = [];

    public IReadOnlyDictionary<long, ProducerState> All => _producers;

    /// <summary>Validates a batch; see <see cref="ProducerState.Validate"/>. An unknown producer may start with any sequence.</summary>
    public ErrorCode Validate(in RecordBatch batch, out long originalOffset)
    {
        originalOffset = -1;
        return batch.ProducerId >= 0 && _producers.TryGetValue(batch.ProducerId, out var state)
            ? state.Validate(batch, out originalOffset)
            : ErrorCode.None;
    }

    /// <summary>Remembers a batch with its offset; returns the previous state for an undo.</summary>
    public ProducerState? Add(in RecordBatch batch, long baseOffset)
    {
        if (batch.ProducerId < 0)
        {
            return null;
        }

        ref var state = ref CollectionsMarshal.GetValueRefOrAddDefault(_producers, batch.ProducerId, out var known);
        ProducerState? before = known ? state : null;
        state.Add(batch.ProducerEpoch, new ProducerBatch(batch.BaseSequence, batch.Count, baseOffset));
        if (_producers.Count > 2 * MaxProducers)
        {
            Trim();
        }

        return before;
    }

    public void Restore(long producerId, ProducerState? before)
    {
        if (before is { } state)
        {
            _producers[producerId] = state;
        }
        else
        {
            _producers.Remove(producerId);
        }
    }

    /// <summary>
    /// At startup, after records were lost: accepts the next batch of each producer although earlier batches are missing.
    /// </summary>
    public void AllowGaps()
    {
        foreach (var id in _producers.Keys.ToList())
        {
            CollectionsMarshal.GetValueRefOrNullRef(_producers, id).AllowsGap = true;
        }
    }

    /// <summary>Removes the least recent producers when there are too many.</summary>
    public void Trim()
    {
        if (_producers.Count <= MaxProducers)
        {
            return;
        }

        foreach (var id in _producers.OrderBy(p => p.Value.LastOffset).Take(_producers.Count - MaxProducers).Select(p => p.Key).ToList())
        {
            _producers.Remove(id);
        }
    }
}
