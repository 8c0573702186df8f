namespace CloudTicks.Polygon.Sessions;

/// <summary>
/// Queues the halves of refused messages, until each half is accepted or has only one channel. If the server refuses a message because of
/// its channel limit, both halves are requested before all other channels: this finds with few messages how many channels still fit. After
/// any other refusal, the halves are requested after all new channels. Consecutive refusals slow down requests.
/// </summary>
internal sealed class RefusedParts(SessionTimings timings)
{
    private readonly LinkedList<(FeedChannel[] Channels, bool IsUrgent)> _parts = [];
    private int _refusalsInARow;

    public TimeSpan PausedUntil { get; private set; }

    /// <summary>Whether the next part is requested before all other channels.</summary>
    public bool IsUrgent => _parts.First is { Value.IsUrgent: true };

    public static bool IsLimit(string message) => message.Contains("limit", StringComparison.OrdinalIgnoreCase);

    /// <summary>The channels of the next part that are still needed; null when no waiting part has any.</summary>
    public FeedChannel[]? Next(Predicate<FeedChannel> isNeeded)
    {
        while (_parts.First is { } part)
        {
            var remaining = Array.FindAll(part.Value.Channels, isNeeded);
            if (remaining.Length > 0)
            {
                return remaining;
            }

            _parts.RemoveFirst();
        }

        return null;
    }

    public void RemoveNext() => _parts.RemoveFirst();

    /// <summary>Slows down requests after a refusal.</summary>
    public void SlowDown(TimeSpan now)
    {
        var pause = timings.RefusalPause * ++_refusalsInARow;
        PausedUntil = now + (pause < timings.MaxRefusalPause ? pause : timings.MaxRefusalPause);
    }

    public void Acknowledged() => _refusalsInARow = 0;

    /// <summary>Queues the two halves of a refused message.</summary>
    /// <param name="channels">The channels of the refused message, at least two.</param>
    /// <param name="refusal">The server's message.</param>
    public void Halve(FeedChannel[] channels, string refusal)
    {
        var middle = (channels.Length + 1) / 2;
        var (first, second) = (channels[..middle], channels[middle..]);
        if (IsLimit(refusal))
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

    public void Clear() => _parts.Clear();

    public void Reset()
    {
        Clear();
        (_refusalsInARow, PausedUntil) = (0, TimeSpan.Zero);
    }
}
