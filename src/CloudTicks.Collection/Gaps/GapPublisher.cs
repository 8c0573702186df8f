using CloudTicks.Collection.Records;
using CloudTicks.Ticks.Gaps;

namespace CloudTicks.Collection.Gaps;

/// <summary>
/// Sends the newest state of each changed gap to the archive. The next run sends the states that this run neither archived nor
/// spooled.
/// </summary>
internal sealed class GapPublisher(GapLedger ledger, Func<OutgoingRecord, CancellationToken, ValueTask<Task>> send, int partitions)
{
    private const int BatchSize = 256;

    /// <summary>Sends all unpublished states.</summary>
    /// <exception cref="CollectorException">The delivery accepts no more records.</exception>
    public async Task PublishAsync(CancellationToken cancellationToken)
    {
        for (var gaps = ledger.Unpublished(BatchSize); gaps.Count > 0; gaps = ledger.Unpublished(BatchSize))
        {
            var deliveries = new List<Task>(gaps.Count);
            foreach (var gap in gaps)
            {
                var record = new OutgoingRecord(gap.Symbol.PartitionOf(partitions), GapRecord.Write(gap), 0, RecordContent.Gaps);
                deliveries.Add(await send(record, cancellationToken));
            }

            foreach (var (gap, task) in gaps.Zip(deliveries))
            {
                await task.WaitAsync(cancellationToken);
                ledger.MarkPublished(gap);
            }
        }
    }
}
