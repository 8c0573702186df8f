using System.Globalization;

namespace CloudTicks.EventStream.Records;

/// <summary>The partition does not contain the requested offset: records were deleted, or the topic was recreated.</summary>
public sealed class OffsetOutOfRangeException : EventStreamException
{
    /// <summary>Creates the exception.</summary>
    public OffsetOutOfRangeException()
    {
    }

    /// <summary>Creates the exception with a message.</summary>
    public OffsetOutOfRangeException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a message and a cause.</summary>
    public OffsetOutOfRangeException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates the exception for a position in the stream.</summary>
    public OffsetOutOfRangeException(string topic, int partition, long offset, Exception innerException)
        : base(
            $"{topic}/{partition} does not contain " +
            (offset < 0 ? "the requested offset" : "offset " + offset.ToString(CultureInfo.InvariantCulture)) +
            ": the log ends before it or begins after it. Records were deleted, or the topic was recreated; compare the partition's "
                + "watermarks.",
            innerException)
    {
    }
}
