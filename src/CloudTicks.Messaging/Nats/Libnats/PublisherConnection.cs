using System.Buffers.Binary;
using System.Text;

namespace CloudTicks.Messaging.Nats.Libnats;

/// <summary>
/// One connection that is never renewed, so that a confirmation covers only messages published on this connection. Every failure except a
/// rejected message ends the connection: libnats ignores a failed write, and its own flush then succeeds although messages are missing.
/// A confirmation is therefore a marker that the server returned on the same socket, with no failure before it.
/// </summary>
internal sealed unsafe class PublisherConnection : ILibnatsConnectionEvents, ILibnatsSubscriptionEvents, IDisposable
{
    private const long FlushTimeoutMs = 1_000;

    private readonly NatsConnectionSettings _settings;
    private readonly PublishCounts _counts;
    private readonly Action _onEnded;
    private readonly TimeProvider _time;
    private readonly EchoQueue _echoes = new();
    private readonly SharedMarker _confirmations;
    private readonly Lock _publishLock = new();
    private readonly byte[] _echoSubject = Encoding.UTF8.GetBytes($"_INBOX.{Guid.NewGuid():N}.echo\0");
    private readonly nint _connectionClosure;
    private readonly nint _echoClosure;
    private LibnatsConnectionHandle? _connection;
    private LibnatsSubscriptionHandle? _echo;
    private MessagingException? _failure;

    private PublisherConnection(long generation, NatsConnectionSettings settings, MessagingMetrics metrics, TimeProvider time, Action ended)
    {
        Generation = generation;
        _settings = settings;
        _counts = new PublishCounts(metrics);
        _time = time;
        _onEnded = ended;
        _confirmations = new SharedMarker(SendMarker, () => Failure);
        _connectionClosure = LibnatsCallbacks.Add((ILibnatsConnectionEvents)this);
        _echoClosure = LibnatsCallbacks.Add((ILibnatsSubscriptionEvents)this);
    }

    public long Generation { get; }

    /// <summary>The error that ended the connection; null while it is open.</summary>
    public MessagingException? Failure => Volatile.Read(ref _failure);

    public string Server { get; private set; } = "";

    /// <summary>The reason why the connection ended, in a few words; empty while it is open.</summary>
    public string Problem { get; private set; } = "";

    /// <param name="ended">Called from any thread when the connection has ended, possibly more than once; must not block.</param>
    /// <exception cref="LibnatsException">No server could be reached, or one refused.</exception>
    public static PublisherConnection Connect(
        long generation, NatsConnectionSettings settings, MessagingMetrics metrics, TimeProvider time, Action ended)
    {
        var connection = new PublisherConnection(generation, settings, metrics, time, ended);
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Publishes without an allocation; the returned task is already complete.</summary>
    public ValueTask PublishAsync(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> payload)
    {
        if (Failure is { } failure)
            throw new MessagingException(failure.Message, failure);
        if (subject.Length > MessageBatch.MaxSubjectBytes || !SubjectSyntax.IsSubject(subject))
            throw new ArgumentException(
                $"A subject must have 1 to {MessageBatch.MaxSubjectBytes} bytes, without blanks or control characters: "
                    + $"'{Encoding.UTF8.GetString(subject)}'.",
                nameof(subject));
        var terminatedSubject = stackalloc byte[subject.Length + 1];
        subject.CopyTo(new Span<byte>(terminatedSubject, subject.Length));
        terminatedSubject[subject.Length] = 0;
        var status = Send(terminatedSubject, payload);
        if (status == LibnatsStatus.Ok)
            _counts.Add(1);
        else
            Refuse(status, payload.Length);
        return ValueTask.CompletedTask;
    }

    /// <summary>Publishes a batch under one lock: callers that competed for the library's lock at each message would mostly wait.</summary>
    public ValueTask PublishAsync(MessageBatch messages)
    {
        if (Failure is { } failure)
            throw new MessagingException(failure.Message, failure);
        var (status, sent) = (LibnatsStatus.Ok, 0);
        lock (_publishLock)
            status = Send(messages, ref sent);
        _counts.Add(sent);
        if (status != LibnatsStatus.Ok)
            Refuse(status, messages.Messages[sent].PayloadLength);
        return ValueTask.CompletedTask;
    }

    /// <summary>Completes when the server has everything published before.</summary>
    public Task ConfirmAsync() => _confirmations.WaitAsync();

    /// <summary>Sends a ping, or ends the connection when a response has been missing for two ping intervals.</summary>
    public void CheckAlive()
    {
        if (_echoes.OldestPublishedAt() is { } oldest && _time.GetElapsedTime(oldest) >= 2 * _settings.PingInterval)
        {
            End($"the server has not answered for {2 * _settings.PingInterval.TotalSeconds:0.#} s");
            return;
        }

        try
        {
            SendMarker(null);
        }
        catch (MessagingException exception)
        {
            End(exception.Message);
        }
    }

    public void OnConnected()
    {
    }

    public void OnDisconnected()
    {
    }

    public void OnClosed() => End("the server or the network closed it");

    public void OnError(LibnatsStatus status) => End(LibnatsMethods.Text(status));

    public void OnMessage(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> payload)
    {
        var problem = LibnatsMethods.LastError(_connection);
        if (problem.Status != LibnatsStatus.Ok)
        {
            // The library's flush thread reports a failure only as the connection's last error.
            End(problem.Text);
        }
        else if (payload.Length != sizeof(long)
            || !_echoes.TryRemove(BinaryPrimitives.ReadInt64LittleEndian(payload), out var messages, out var waiter))
        {
            End("bytes were lost on the way to the server");
        }
        else
        {
            _counts.Confirm(messages);
            if (waiter is null)
                return;
            waiter.TrySetResult();
            _confirmations.OnReturned();
        }
    }

    public void OnComplete()
    {
    }

    /// <summary>Closes the connection after a flush of up to a second.</summary>
    public void Dispose()
    {
        LibnatsCallbacks.RemoveConnection(_connectionClosure);
        if (_connection is { IsInvalid: false, IsClosed: false })
        {
            // A socket that is closed with unread bytes is reset, and the server then loses what it has not read yet.
            if (Failure is null)
                _ = LibnatsMethods.ConnectionFlush(_connection, FlushTimeoutMs);
            LibnatsMethods.ConnectionClose(_connection);
        }

        End("it was closed");
        LibnatsCallbacks.RemoveSubscription(_echoClosure);
        _echo?.Dispose();
        _connection?.Dispose();
        _counts.Close();
    }

    private void Open()
    {
        using var options = LibnatsOptions.Create(_settings);
        Set(LibnatsMethods.OptionsSetAllowReconnect(options, false));
        // The library's own pings can lose bytes silently (it does not report their failed write); CheckAlive replaces them.
        Set(LibnatsMethods.OptionsSetPingInterval(options, 0));
        Set(LibnatsMethods.OptionsSetClosed(options, &LibnatsCallbacks.Closed, _connectionClosure));
        Set(LibnatsMethods.OptionsSetErrorHandler(options, &LibnatsCallbacks.Failed, _connectionClosure));
        Set(LibnatsMethods.ConnectionConnect(out var connection, options));
        _connection = connection;
        Server = LibnatsMethods.ConnectedServer(connection);
        fixed (byte* subject = _echoSubject)
            Set(LibnatsMethods.ConnectionSubscribe(out _echo, connection, subject, &LibnatsCallbacks.Message, _echoClosure));

        void Set(LibnatsStatus status) => LibnatsException.ThrowIfFailed(status, $"connect to {_settings}");
    }

    private void SendMarker(TaskCompletionSource? waiter)
    {
        _counts.Report();
        _echoes.Send(waiter, _counts.Published, _time.GetTimestamp(), number =>
        {
            Span<byte> payload = stackalloc byte[sizeof(long)];
            BinaryPrimitives.WriteInt64LittleEndian(payload, number);
            LibnatsStatus status;
            fixed (byte* subject = _echoSubject)
                status = Send(subject, payload);
            if (status != LibnatsStatus.Ok)
                throw End(LibnatsMethods.Text(status));
        });
    }

    /// <summary>Publishes; a connection that is being disposed is reported as closed.</summary>
    private LibnatsStatus Send(byte* subject, ReadOnlySpan<byte> payload)
    {
        try
        {
            fixed (byte* data = payload)
                return LibnatsMethods.ConnectionPublish(_connection!, subject, data, payload.Length);
        }
        catch (ObjectDisposedException)
        {
            return LibnatsStatus.ConnectionClosed;
        }
    }

    /// <summary>Publishes until a message fails; a concurrent disposal makes the next one fail.</summary>
    private LibnatsStatus Send(MessageBatch messages, ref int sent)
    {
        var held = false;
        try
        {
            _connection!.DangerousAddRef(ref held);
            var connection = _connection.DangerousGetHandle();
            fixed (byte* bytes = messages.Bytes)
            {
                foreach (ref readonly var message in messages.Messages)
                {
                    var status = LibnatsMethods.ConnectionPublish(
                        connection, bytes + message.Subject, bytes + message.Payload, message.PayloadLength);
                    if (status != LibnatsStatus.Ok)
                        return status;
                    sent++;
                }
            }

            return LibnatsStatus.Ok;
        }
        catch (ObjectDisposedException)
        {
            return LibnatsStatus.ConnectionClosed;
        }
        finally
        {
            if (held)
                _connection!.DangerousRelease();
        }
    }

    private void Refuse(LibnatsStatus status, int length)
    {
        throw status switch
        {
            LibnatsStatus.MaxPayload => new MessagingException(
                $"NATS at {_settings} accepts no message of {length} bytes: send less, or raise max_payload in the server's "
                    + "configuration."),
            LibnatsStatus.InvalidSubject or LibnatsStatus.InvalidArgument =>
                new ArgumentException($"NATS refuses the message: {LibnatsMethods.Text(status)}."),
            _ => End(LibnatsMethods.Text(status)),
        };
    }

    private MessagesNotConfirmedException End(string reason)
    {
        var failure = new MessagesNotConfirmedException(
            $"Connection {Generation} to NATS at {_settings} was lost: {reason}. Publish its unconfirmed messages again.");
        if (Interlocked.CompareExchange(ref _failure, failure, null) is null)
        {
            Problem = reason;
            _echoes.Fail(failure);
            _confirmations.Fail(failure);
            _onEnded();
        }

        return failure;
    }
}
