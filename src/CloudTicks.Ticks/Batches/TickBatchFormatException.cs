namespace CloudTicks.Ticks.Batches;

/// <summary>A record on <c>tick_archive</c> is no TickBatch of a known version; the message says why.</summary>
public sealed class TickBatchFormatException : Exception
{
    /// <summary>Makes the exception.</summary>
    public TickBatchFormatException(string message)
        : base(message)
    {
    }
}
