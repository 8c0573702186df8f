using CloudTicks.EventStream;
using CloudTicks.Foundations;

namespace CloudTicks.Relay.Archive;

/// <summary>Tracks whether the archive can be read, for logs and the status.</summary>
internal sealed class TailOutage(TimeProvider time, ILogger<TailOutage> logger)
{
    private readonly OutageLog _outage = new(time);
    private string? _problem;

    public bool IsOngoing => _outage.IsOngoing;

    /// <summary>Why the archive cannot be read; null while it can.</summary>
    public string? Problem => _outage.IsOngoing ? Volatile.Read(ref _problem) : null;

    /// <summary>How long the archive has been unreadable, s; null while it is readable.</summary>
    public double? Seconds => _outage.Duration?.TotalSeconds;

    public void Failed(EventStreamException problem)
    {
        Volatile.Write(ref _problem, problem.Message);
        switch (_outage.Failed(out var duration))
        {
            case OutageNotice.First:
                logger.ArchiveUnavailable(problem.Message);
                break;
            case OutageNotice.Reminder:
                logger.ArchiveStillUnavailable(duration.TotalSeconds, problem.Message);
                break;
        }
    }

    public void Answered()
    {
        if (_outage.End(out var duration))
        {
            logger.ArchiveAvailableAgain(duration.TotalSeconds);
        }
    }

    /// <summary>
    /// Ends the outage without a message; called when the tail pauses, because it is then unknown whether the archive can be read.
    /// </summary>
    public void Forget() => _outage.End(out _);
}
