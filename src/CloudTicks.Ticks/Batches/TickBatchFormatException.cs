namespace CloudTicks.Ticks.Batches;

/// <summary>A record of <c>tick_archive</c> is damaged, or is not a TickBatch of a known version. The message says why.</summary>
public sealed class TickBatchFormatException : Exception
{
    /// <summary>Creates the exception.</summary>
    public TickBatchFormatException(string message)
        : base(message)
    {
    }
}
