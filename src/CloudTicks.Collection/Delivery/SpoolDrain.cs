using CloudTicks.Collection.Spool;

namespace CloudTicks.Collection.Delivery;

/// <summary>The loop that hands the spool's records to the sink, oldest first.</summary>
internal sealed class SpoolDrain(DeliveryCoordinator delivery, RecordSpool spool)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await delivery.DrainSignal.WaitAsync(cancellationToken);
            while (await DrainNextAsync())
            {
            }
        }
    }

    private async Task<bool> DrainNextAsync()
    {
        if (!delivery.TryBeginDrain())
        {
            return false;
        }

        try
        {
            await delivery.PendingHandover;
            if (!spool.TryRead(out var record))
            {
                delivery.OnSpoolRead();
                return false;
            }

            await delivery.HandOverAsync(record);
            return true;
        }
        finally
        {
            delivery.EndDrain();
        }
    }
}
