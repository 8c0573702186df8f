using CloudTicks.Foundations;

namespace CloudTicks.Relay.Clients;

/// <summary>
/// A client's unsent events, gathered into messages of a size that clients accept. The total size is bounded, and no buffer is held while
/// there are no events. Any thread may append; only one loop reads.
/// </summary>
internal sealed class OutgoingEvents(long capacity, TimeProvider time, SharedBuffers? shared = null)
{
    /// <summary>
    /// The maximum length of a message; only a message with a single run of events may be longer. Official clients refuse messages of more
    /// than 1,000,000 bytes.
    /// </summary>
    public const int MaxMessageBytes = 256 * 1024;

    private readonly Lock _gate = new();
    private readonly Queue<OutgoingMessage> _complete = new();
    private readonly WakeSignal _wake = new();
    private OutgoingMessage? _open;
    private OutgoingMessage? _current;
    private TaskCompletionSource? _room;
    private long _bytes;
    private long _events;
    private bool _isEnded;
    private bool _isAbandoned;

    /// <summary>The numbers of unsent bytes and events, and the age of the oldest unsent event.</summary>
    public (long Bytes, long Events, TimeSpan Age) Waiting
    {
        get
        {
            lock (_gate)
            {
                var oldest = _current ?? (_complete.TryPeek(out var first) ? first : _open);
                return (_bytes, _events, oldest is null ? TimeSpan.Zero : time.GetElapsedTime(oldest.Since));
            }
        }
    }

    /// <param name="events">Events joined by commas.</param>
    /// <param name="wakes">Whether to send the events immediately; otherwise <see cref="Wake"/> must be called.</param>
    /// <returns>
    /// False when the events do not all fit; then none of them is added. After <see cref="End"/> always true, and the events are ignored.
    /// </returns>
    public bool TryAppend(ReadOnlySpan<byte> events, int count, bool wakes = true)
    {
        lock (_gate)
        {
            if (_isEnded)
                return true;
            if (_bytes + events.Length > capacity)
                return false;
            wakes &= Append(events, count);
        }

        if (wakes)
            _wake.Set();
        return true;
    }

    /// <summary>Wakes the sender.</summary>
    public void Wake() => _wake.Set();

    /// <summary>
    /// Waits until at most <see cref="MaxMessageBytes"/> bytes are unsent, and appends events, so that the caller does not outpace the
    /// client. Must not be called concurrently.
    /// </summary>
    /// <exception cref="OperationCanceledException">The client has disconnected.</exception>
    public async ValueTask AppendAsync(ReadOnlyMemory<byte> events, int count, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task room;
            lock (_gate)
            {
                if (_isEnded)
                    throw new OperationCanceledException("The client has disconnected.");
                if (_bytes <= MaxMessageBytes)
                {
                    if (Append(events.Span, count))
                        _wake.Set();
                    return;
                }

                _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                room = _room.Task;
            }

            await room.WaitAsync(cancellationToken);
        }
    }

    /// <summary>
    /// Waits for the next message, whose memory <see cref="Sent"/> returns to the pool. Returns null after <see cref="End"/>, when all
    /// messages are sent.
    /// </summary>
    public async ValueTask<OutgoingMessage?> DequeueAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            lock (_gate)
            {
                if (_complete.TryDequeue(out var message) || (message = Interlocked.Exchange(ref _open, null)) is not null)
                    return _current = message;
                if (_isEnded)
                    return null;
            }

            await _wake.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Marks the current message as sent or abandoned.</summary>
    public void Sent()
    {
        lock (_gate)
        {
            if (_current is not { } message)
                return;
            _current = null;
            if (_isAbandoned)
                shared?.Add(message.Length);
            _isAbandoned = false;
            Release(message);
        }
    }

    /// <summary>Accepts no further events; waiting messages are still sent.</summary>
    public void End()
    {
        lock (_gate)
        {
            _isEnded = true;
            MakeRoom();
        }

        _wake.Set();
    }

    /// <summary>Accepts no further events, and discards the waiting events.</summary>
    /// <returns>The number of discarded events.</returns>
    public long Discard()
    {
        End();
        lock (_gate)
        {
            var before = _events;
            while (_complete.TryDequeue(out var message))
                Release(message);
            if (Interlocked.Exchange(ref _open, null) is { } open)
                Release(open);
            var discarded = before - _events;
            if (_current is { } current && !_isAbandoned)
            {
                // The message no longer counts towards the shared total. Its memory is still in use, and is returned when the write to the
                // socket ends.
                _isAbandoned = true;
                shared?.Add(-current.Length);
            }

            return discarded;
        }
    }

    /// <returns>Whether no message was waiting.</returns>
    private bool Append(ReadOnlySpan<byte> events, int count)
    {
        var isFirst = _open is null && _complete.Count == 0;
        if (_open is { } open && open.Length + events.Length + 1 > MaxMessageBytes)
        {
            _complete.Enqueue(open);
            _open = null;
        }

        _open ??= new OutgoingMessage(time.GetTimestamp());
        var before = _open.Length;
        _open.Append(events, count);
        _bytes += _open.Length - before;
        shared?.Add(_open.Length - before);
        _events += count;
        return isFirst;
    }

    private void Release(OutgoingMessage message)
    {
        _bytes -= message.Length;
        shared?.Add(-message.Length);
        _events -= message.Events;
        message.Return();
        if (_bytes <= MaxMessageBytes)
            MakeRoom();
    }

    private void MakeRoom()
    {
        _room?.TrySetResult();
        _room = null;
    }
}
