namespace CloudTicks.EventHub.Groups;

/// <summary>Counts changes that a restart must find, and holds back answers until they are durable.</summary>
internal sealed class GroupChanges
{
    private readonly Queue<(long Number, Action<DateTimeOffset> Then)> _waiting = [];

    public long Last { get; private set; }

    public long Stored { get; private set; }

    /// <summary>True when there is nothing to store and nobody waits.</summary>
    public bool Settled => Stored == Last && _waiting.Count == 0;

    public void Note() => Last++;

    /// <summary>Runs something as soon as every change so far is stored: now, when it is.</summary>
    public void WhenStored(DateTimeOffset now, Action<DateTimeOffset> then)
    {
        if (Settled)
        {
            then(now);
        }
        else
        {
            _waiting.Enqueue((Last, then));
        }
    }

    /// <summary>The disk takes nothing for now: who waits goes on without it.</summary>
    public void GoOn(DateTimeOffset now)
    {
        for (var count = _waiting.Count; count > 0; count--)
        {
            _waiting.Dequeue().Then(now);
        }
    }

    public void SetStored(long number, DateTimeOffset now)
    {
        Stored = Math.Max(Stored, number);
        while (_waiting.TryPeek(out var next) && next.Number <= Stored)
        {
            _waiting.Dequeue();
            next.Then(now);
        }
    }
}
