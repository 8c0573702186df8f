using System.Globalization;

namespace CloudTicks.EventStream.Records;

/// <summary>The partition does not contain a reader's offset: records are missing, or it is another stream.</summary>
public sealed class OffsetOutOfRangeException : EventStreamException
{
    /// <summary>Creates the exception.</summary>
    public OffsetOutOfRangeException()
    {
    }

    /// <summary>Creates the exception with a sentence.</summary>
    public OffsetOutOfRangeException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a sentence and its cause.</summary>
    public OffsetOutOfRangeException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates the exception for a position in the stream.</summary>
    public OffsetOutOfRangeException(string topic, int partition, long offset, Exception innerException)
        : base(
            $"{topic}/{partition} does not contain offset {(offset < 0 ? "requested" : offset.ToString(CultureInfo.InvariantCulture))}: " +
            "the log ends before it or begins after it. Records were deleted, or the topic was recreated; compare its "
                + "watermarks.",
            innerException)
    {
    }
}
