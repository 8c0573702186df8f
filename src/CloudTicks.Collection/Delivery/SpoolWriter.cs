using CloudTicks.Collection.Spool;

namespace CloudTicks.Collection.Delivery;

/// <summary>The loop that writes waiting records to disk in groups, with one flush per group.</summary>
internal sealed class SpoolWriter(DeliveryCoordinator delivery, RecordSpool spool, SpoolLevel level, TimeProvider time)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(250);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await delivery.WriteSignal.WaitAsync(cancellationToken);
            for (var group = delivery.NextForDisk(); group.Covered > 0; group = delivery.NextForDisk())
            {
                if (!TryWrite(group))
                {
                    await Task.Delay(RetryDelay, time, cancellationToken);
                }
            }
        }
    }

    private bool TryWrite(SpoolGroup group)
    {
        var (records, first) = (group.Records, 0L);
        try
        {
            if (records.Count > 0)
            {
                level.RequireRoom(records.Sum(record => record.Cost));
                first = spool.Append(
                    [.. records.Select(record => record.Record)], records.TakeWhile(record => record.IsHandedOver).Count());
                level.OnWritable();
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            delivery.OnUnwritable(exception.Message.TrimEnd('.'));
            return false;
        }

        delivery.OnWritten(group, first);
        // Runs on the thread pool, so that the continuations of the records do not delay this loop.
        ThreadPool.UnsafeQueueUserWorkItem(static saved => saved.ForEach(record => record.MakeSafe()), records, preferLocal: false);
        return true;
    }
}
