namespace CloudTicks.Messaging.Nats;

/// <summary>The number of messages sent over one connection, and the number that the server has confirmed.</summary>
internal sealed class PublishCounts(MessagingMetrics metrics)
{
    private long _published;
    private long _reported;
    private long _confirmed;

    public long Published => Volatile.Read(ref _published);

    public void Add(long messages) => Interlocked.Add(ref _published, messages);

    /// <summary>Adds the messages published since the last report to the meter.</summary>
    public void Report()
    {
        var published = Published;
        metrics.Published(published - Interlocked.Exchange(ref _reported, published));
    }

    /// <summary>Records that the server has the first <paramref name="messages"/> messages of the connection.</summary>
    public void Confirm(long messages)
    {
        long confirmed;
        do
        {
            confirmed = Volatile.Read(ref _confirmed);
            if (messages <= confirmed)
                return;
        }
        while (Interlocked.CompareExchange(ref _confirmed, messages, confirmed) != confirmed);
        metrics.Confirmed(messages - confirmed);
    }

    /// <summary>Counts the unconfirmed messages as failed, because the connection is closed.</summary>
    public void Close()
    {
        Report();
        metrics.Failed(Published - Volatile.Read(ref _confirmed));
    }
}
