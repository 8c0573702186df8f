using CloudTicks.Messaging;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;
using CloudTicks.Ticks.Gaps;
using CloudTicks.Ticks.Identity;
using CloudTicks.Ticks.Json;

namespace CloudTicks.Functions.Publishing;

/// <summary>The messages of one record: a subject and JSON for each tick. Not thread-safe.</summary>
internal sealed class TickMessages
{
    private readonly TickBatchReader _reader = new(new SymbolDictionary());
    private readonly TickSubjectCache _subjects = new();

    /// <summary>The messages of the record read last; none for a gap record or a damaged one.</summary>
    public MessageBatch Batch { get; } = new();

    /// <summary>Encodes a record's ticks as messages. Returns false for a gap record.</summary>
    /// <exception cref="TickBatchFormatException">The record is damaged; the batch is then empty.</exception>
    public bool Read(ReadOnlyMemory<byte> record)
    {
        Batch.Clear();
        if (GapRecord.IsGap(record.Span))
        {
            return false;
        }

        try
        {
            _reader.Open(record);
            var tick = default(Tick);
            while (_reader.TryRead(ref tick))
            {
                // Skip ticks that no feed can produce; StoreTicks moves them to the dead letters.
                if (TickIdentity.IsDefinedFor(tick.Symbol.Market, tick.Kind))
                {
                    var json = Batch.Begin(_subjects.Of(tick.Symbol), TickJson.MaxBytes);
                    Batch.End(TickJson.Write(tick, _reader.Source, TickIdentity.Of(tick), json));
                }
            }

            return true;
        }
        catch (TickBatchFormatException)
        {
            Batch.Clear();
            throw;
        }
    }
}
