using Confluent.Kafka;

namespace CloudTicks.EventStream;

/// <summary>The event hub refused or could not do what was asked; the message says what, where, and what to do.</summary>
public class EventStreamException : Exception
{
    /// <summary>Makes the exception.</summary>
    public EventStreamException()
    {
    }

    /// <summary>Makes the exception with a sentence.</summary>
    public EventStreamException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with a sentence and its cause.</summary>
    public EventStreamException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Makes the exception with a sentence and the error of the Kafka client.</summary>
    public EventStreamException(string message, Error error)
        : base($"{message}: {error.Reason} ({error.Code})")
    {
        Code = error.Code;
        IsFatal = error.IsFatal;
    }

    /// <summary>The Kafka error, or <see cref="ErrorCode.NoError"/> when none stands behind it.</summary>
    public ErrorCode Code { get; }

    /// <summary>True when the event hub answers that it has no such topic, or no such partition of it.</summary>
    public bool IsTopicMissing => Code is ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic or ErrorCode.Local_UnknownPartition;

    /// <summary>True when the client that reported it is of no further use and must be made anew.</summary>
    public bool IsFatal { get; init; }
}
