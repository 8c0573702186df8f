using Confluent.Kafka;

namespace CloudTicks.EventStream;

/// <summary>The event hub rejected a request or does not answer, or the client failed; the message states the problem.</summary>
public class EventStreamException : Exception
{
    /// <summary>Creates the exception.</summary>
    public EventStreamException()
    {
    }

    /// <summary>Creates the exception with a message.</summary>
    public EventStreamException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a message and a cause.</summary>
    public EventStreamException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates the exception with a message and the error of the Kafka client.</summary>
    public EventStreamException(string message, Error error)
        : base($"{message}: {error.Reason} ({error.Code})")
    {
        Code = error.Code;
        IsFatal = error.IsFatal;
    }

    /// <summary>The Kafka error, or <see cref="ErrorCode.NoError"/> when the exception has another cause.</summary>
    public ErrorCode Code { get; }

    /// <summary>True when the event hub reports that the topic, or the partition, does not exist.</summary>
    public bool IsTopicMissing => Code is ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic or ErrorCode.Local_UnknownPartition;

    /// <summary>True when the client can no longer be used and must be replaced.</summary>
    public bool IsFatal { get; init; }
}
