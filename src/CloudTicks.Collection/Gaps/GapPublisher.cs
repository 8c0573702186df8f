using CloudTicks.Collection.Records;
using CloudTicks.Ticks.Gaps;

namespace CloudTicks.Collection.Gaps;

/// <summary>Sends the newest state of each changed gap to the archive; the next run sends again what was not acknowledged.</summary>
internal sealed class GapPublisher(GapLedger ledger, Func<OutgoingRecord, CancellationToken, ValueTask<Task>> send, int partitions)
{
    private const int Together = 256;

    /// <summary>Sends what there is to send.</summary>
    /// <exception cref="CollectorException">The stream takes nothing more.</exception>
    public async Task PublishAsync(CancellationToken cancellationToken)
    {
        for (var gaps = ledger.Unpublished(Together); gaps.Count > 0; gaps = ledger.Unpublished(Together))
        {
            var sent = new List<Task>(gaps.Count);
            foreach (var gap in gaps)
            {
                var record = new OutgoingRecord(gap.Symbol.PartitionOf(partitions), GapRecord.Write(gap), 0, RecordContent.Gaps);
                sent.Add(await send(record, cancellationToken));
            }

            foreach (var (gap, task) in gaps.Zip(sent))
            {
                await task.WaitAsync(cancellationToken);
                ledger.MarkPublished(gap);
            }
        }
    }
}
