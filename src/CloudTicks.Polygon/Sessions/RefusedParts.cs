namespace CloudTicks.Polygon.Sessions;

/// <summary>
/// The halves of messages that were refused, until each is taken or is one channel alone. Where the server has no more room the first half
/// comes next, so that the last free place is found with few messages; otherwise those wait behind all that was not asked yet.
/// Refusals in a row slow the asking down.
/// </summary>
internal sealed class RefusedParts(SessionTimings timings)
{
    private readonly LinkedList<(FeedChannel[] Channels, bool IsUrgent)> _parts = [];
    private int _refusalsInARow;

    public TimeSpan PausedUntil { get; private set; }

    /// <summary>Whether the next part goes before all else.</summary>
    public bool IsUrgent => _parts.First is { Value.IsUrgent: true };

    public static bool IsLimit(string message) => message.Contains("limit", StringComparison.OrdinalIgnoreCase);

    /// <summary>The channels of the next part that are still to be asked for; null when no part waits.</summary>
    public FeedChannel[]? Next(Predicate<FeedChannel> isToBeAsked)
    {
        while (_parts.First is { } part)
        {
            var still = Array.FindAll(part.Value.Channels, isToBeAsked);
            if (still.Length > 0)
            {
                return still;
            }

            _parts.RemoveFirst();
        }

        return null;
    }

    public void Taken() => _parts.RemoveFirst();

    /// <summary>A message was refused: the asking slows down.</summary>
    public void Slow(TimeSpan now)
    {
        var pause = timings.RefusalPause * ++_refusalsInARow;
        PausedUntil = now + (pause < timings.LongestRefusalPause ? pause : timings.LongestRefusalPause);
    }

    public void Acknowledged() => _refusalsInARow = 0;

    /// <summary>Halves what was refused.</summary>
    /// <param name="channels">At least two.</param>
    public void Halve(FeedChannel[] channels, string message)
    {
        var middle = (channels.Length + 1) / 2;
        var (first, second) = (channels[..middle], channels[middle..]);
        if (IsLimit(message))
        {
            _parts.AddFirst((second, true));
            _parts.AddFirst((first, true));
        }
        else
        {
            _parts.AddLast((first, false));
            _parts.AddLast((second, false));
        }
    }

    /// <summary>Nothing of it is asked for any more.</summary>
    public void Clear() => _parts.Clear();

    public void Reset()
    {
        Clear();
        (_refusalsInARow, PausedUntil) = (0, TimeSpan.Zero);
    }
}
