namespace CloudTicks.EventHub.Groups;

/// <summary>Counts changes that a restart must restore, and delays responses until the changes are durable.</summary>
internal sealed class GroupChanges
{
    private readonly Queue<(long Number, Action<DateTimeOffset> Then)> _waitingActions = [];

    public long Last { get; private set; }

    public long Stored { get; private set; }

    /// <summary>True when everything is stored and no response waits.</summary>
    public bool IsSettled => Stored == Last && _waitingActions.Count == 0;

    public void Add() => Last++;

    /// <summary>Runs an action once all changes so far are stored; immediately if they already are.</summary>
    public void WhenStored(DateTimeOffset now, Action<DateTimeOffset> then)
    {
        if (IsSettled)
        {
            then(now);
        }
        else
        {
            _waitingActions.Enqueue((Last, then));
        }
    }

    /// <summary>Releases the waiting responses before the changes are durable, because the disk accepts no writes.</summary>
    public void ReleaseWaiting(DateTimeOffset now)
    {
        for (var count = _waitingActions.Count; count > 0; count--)
        {
            _waitingActions.Dequeue().Then(now);
        }
    }

    public void SetStored(long number, DateTimeOffset now)
    {
        Stored = Math.Max(Stored, number);
        while (_waitingActions.TryPeek(out var next) && next.Number <= Stored)
        {
            _waitingActions.Dequeue();
            next.Then(now);
        }
    }
}
