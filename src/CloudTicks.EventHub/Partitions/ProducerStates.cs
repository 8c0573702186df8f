using System.Runtime.InteropServices;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Partitions;

/// <summary>The idempotent producers of one partition. Only the log's thread touches it.</summary>
internal sealed class ProducerStates
{
    /// <summary>When there are more, those that wrote least recently are forgotten; they may then send any sequence.</summary>
    public const int MaxProducers = 4096;

    private readonly Dictionary<long, ProducerState> _producers = [];

    public IReadOnlyDictionary<long, ProducerState> All => _producers;

    /// <summary>Judges a batch; see <see cref="ProducerState.Judge"/>. A producer that is not known may begin anywhere.</summary>
    public ErrorCode Judge(in RecordBatch batch, out long originalOffset)
    {
        originalOffset = -1;
        return batch.ProducerId >= 0 && _producers.TryGetValue(batch.ProducerId, out var state)
            ? state.Judge(batch, out originalOffset)
            : ErrorCode.None;
    }

    /// <summary>Remembers a batch that got its offset; hands back what was remembered before, for an undo.</summary>
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

    /// <summary>At start, where records were lost: producers continue behind those, and are not refused.</summary>
    public void ExpectJumps()
    {
        foreach (var id in _producers.Keys.ToList())
        {
            CollectionsMarshal.GetValueRefOrNullRef(_producers, id).MayJump = true;
        }
    }

    /// <summary>Forgets the producers that wrote least recently, when there are too many.</summary>
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
