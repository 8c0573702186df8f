using System.Globalization;

namespace CloudTicks.EventStream.Records;

/// <summary>A reader stands at an offset that the partition does not hold: records are missing, or it is another stream.</summary>
public sealed class OffsetOutOfRangeException : EventStreamException
{
    /// <summary>Makes the exception.</summary>
    public OffsetOutOfRangeException()
    {
    }

    /// <summary>Makes the exception with a sentence.</summary>
    public OffsetOutOfRangeException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with a sentence and its cause.</summary>
    public OffsetOutOfRangeException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Makes the exception for a place in the stream.</summary>
    public OffsetOutOfRangeException(string topic, int partition, long offset, Exception innerException)
        : base(
            $"{topic}/{partition} does not hold offset {(offset < 0 ? "asked for" : offset.ToString(CultureInfo.InvariantCulture))}: " +
            "the log ends below it or begins above it. Records are gone, or the topic is another one of the same name; compare its "
                + "watermarks.",
            innerException)
    {
    }
}
