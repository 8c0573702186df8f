namespace CloudTicks.Ticks.Batches;

/// <summary>
/// A record on <c>tick_archive</c> is no TickBatch of a version that this program knows. The message says what is wrong with it.
/// </summary>
public sealed class TickBatchFormatException : Exception
{
    /// <summary>Makes the exception.</summary>
    public TickBatchFormatException(string message)
        : base(message)
    {
    }
}
