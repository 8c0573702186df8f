using System.Net.WebSockets;
using CloudTicks.Foundations;
using CloudTicks.Polygon.Frames;
using CloudTicks.Polygon.Requests;
using CloudTicks.Ticks;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Polygon.Sessions;

/// <summary>
/// One WebSocket session. Its loop only reads messages: it timestamps them, handles statuses and queues all other frames.
/// </summary>
internal sealed class PolygonSession(
    Market market, string label, Uri address, SessionProtocol protocol, FrameQueue frames, RequestBudget budget, WakeSignal signal,
    SessionTimings timings, PolygonMetrics metrics, TimeProvider time, ILogger logger)
{
    // Disables the runtime's pong timeout, which would also end a session that waits for room in the queue; LivenessWatch detects dead
    // peers instead.
    private static readonly TimeSpan NoTimeout = TimeSpan.FromDays(1);

    // Reads only statuses, so it needs no known symbols.
    private readonly FrameReader _statusReader = new(market, new SymbolDictionary(1));

    private long _lastMessageMs;
    private volatile bool _isDead;

    /// <summary>Called once, when the server has accepted the key.</summary>
    public required Action OnAuthenticated { get; init; }

    /// <summary>The time at which the last message arrived, as a timestamp of the time provider.</summary>
    public long LastMessageAt { get; private set; }

    /// <summary>The time at which the last message arrived, Unix ms, UTC; 0 before the first.</summary>
    public long LastMessageMs => Volatile.Read(ref _lastMessageMs);

    /// <summary>Runs until the session ends. Failures of network and server are returned, not thrown.</summary>
    public async Task<SessionEnd> RunAsync(CancellationToken stopping)
    {
        using var sessionEnded = new CancellationTokenSource();
        using var abort = new CancellationTokenSource();
        await using var life = new LivenessWatch(timings.NoPong, time, () =>
        {
            _isDead = true;
            abort.Cancel();
        });
        using var connector = new HttpMessageInvoker(WatchedStream.Handler(life.OnBytes));
        using var socket = new ClientWebSocket();
        socket.Options.KeepAliveInterval = timings.PingInterval;
        socket.Options.KeepAliveTimeout = NoTimeout;
        using var handshakeTimeout = new CancellationTokenSource(timings.Handshake, time);
        using var opening = CancellationTokenSource.CreateLinkedTokenSource(abort.Token, handshakeTimeout.Token, stopping);
        var (closing, sending) = (Task.CompletedTask, Task.CompletedTask);
        try
        {
            await socket.ConnectAsync(address, connector, opening.Token);
            protocol.Open();
            closing = CloseOnStopAsync(socket, abort, sessionEnded.Token, stopping);
            sending = new ControlSender(socket, protocol, budget, signal, time, label, logger).RunAsync(sessionEnded.Token);
            return await ReadAsync(socket, life, abort.Token, opening.Token);
        }
        catch (Exception exception) when (IsLoss(exception))
        {
            return stopping.IsCancellationRequested ? new SessionEnd(SessionEndReason.Stopped, "stopped")
                : handshakeTimeout.IsCancellationRequested && !protocol.IsAuthenticated
                    ? new SessionEnd(SessionEndReason.HandshakeTimeout, $"no auth_success within {timings.Handshake.TotalSeconds:0.#} s")
                : closing == Task.CompletedTask ? new SessionEnd(SessionEndReason.ConnectFailed, FailureText.Of(exception))
                : _isDead
                    ? new SessionEnd(SessionEndReason.NoPong, $"the server sent neither data nor a pong for "
                        + $"{timings.NoPong.TotalSeconds:0.#} s")
                : new SessionEnd(SessionEndReason.ConnectionLost, FailureText.Of(exception));
        }
        finally
        {
            await sessionEnded.CancelAsync();
            await closing;
            await sending;
        }
    }

    private async Task<SessionEnd> ReadAsync(ClientWebSocket socket, LivenessWatch life, CancellationToken abort, CancellationToken opening)
    {
        var message = new MessageBuffer();
        while (true)
        {
            life.BeginWait();
            var state = await message.ReadAsync(socket, protocol.IsAuthenticated ? abort : opening);
            life.EndWait();
            LastMessageAt = time.GetTimestamp();
            Volatile.Write(ref _lastMessageMs, time.GetUtcNow().ToUnixTimeMilliseconds());
            if (state == MessageState.TooLarge)
            {
                await CloseAsync(socket, WebSocketCloseStatus.MessageTooBig);
                return new SessionEnd(
                    SessionEndReason.FrameTooLarge, $"a message is larger than the maximum of {MessageBuffer.MaxBytes} bytes");
            }

            if (state == MessageState.Closed)
            {
                await CloseAsync(socket, WebSocketCloseStatus.NormalClosure);
                return new SessionEnd(
                    SessionEndReason.ClosedByServer, $"the server closed the session {CloseReason(socket)}");
            }

            await HandleAsync(message.Written, abort);
            if (protocol.End is { } end)
            {
                await CloseAsync(socket, WebSocketCloseStatus.NormalClosure);
                return end;
            }
        }
    }

    private async Task HandleAsync(ReadOnlyMemory<byte> message, CancellationToken abort)
    {
        metrics.FrameReceived(market, message.Length);
        if (MayContainStatus(message.Span))
        {
            var wasAuthenticated = protocol.IsAuthenticated;
            var isAllStatus = ReadStatuses(message);
            if (!wasAuthenticated && protocol.IsAuthenticated)
            {
                OnAuthenticated();
            }

            signal.Set();
            if (isAllStatus)
            {
                return;
            }
        }

        var frame = ReceivedFrame.Copy(market, message.Span, LastMessageMs);
        try
        {
            await frames.WriteAsync(frame, abort);
        }
        catch
        {
            frame.Return();
            throw;
        }
    }

    /// <summary>
    /// Whether a frame may contain a status: it has the word <c>status</c>, or an escape that could hide the word. Other frames are not
    /// decoded here.
    /// </summary>
    private static bool MayContainStatus(ReadOnlySpan<byte> message) => message.IndexOf("status"u8) >= 0 || message.Contains((byte)'\\');

    /// <returns>Whether the frame contains only statuses, so that it need not be decoded.</returns>
    private bool ReadStatuses(ReadOnlyMemory<byte> message)
    {
        Tick tick = default;
        var isAllStatus = true;
        _statusReader.Open(message, 0);
        for (var kind = _statusReader.Read(ref tick); kind != ElementKind.End && protocol.End is null; kind = _statusReader.Read(ref tick))
        {
            isAllStatus &= kind == ElementKind.Status;
            if (kind == ElementKind.Status)
            {
                protocol.Handle(_statusReader.Status, _statusReader.Element);
            }
        }

        return isAllStatus && protocol.End is null;
    }

    private async Task CloseOnStopAsync(
        ClientWebSocket socket, CancellationTokenSource abort, CancellationToken sessionEnded, CancellationToken stopping)
    {
        using var linkedCancellation = CancellationTokenSource.CreateLinkedTokenSource(sessionEnded, stopping);
        await Task.Delay(Timeout.InfiniteTimeSpan, time, linkedCancellation.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (sessionEnded.IsCancellationRequested)
        {
            return;
        }

        // The reader continues until it receives the server's close frame, so that messages in flight arrive.
        await CloseAsync(socket, WebSocketCloseStatus.NormalClosure);
        await Task.Delay(timings.Close, time, sessionEnded).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await abort.CancelAsync();
    }

    private async Task CloseAsync(ClientWebSocket socket, WebSocketCloseStatus status)
    {
        if (socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived))
        {
            return;
        }

        using var timeout = new CancellationTokenSource(timings.Close, time);
        try
        {
            await socket.CloseOutputAsync(status, null, timeout.Token);
        }
        catch (Exception exception) when (IsLoss(exception))
        {
            logger.CloseFailed(label, exception);
        }
    }

    /// <summary>Whether an exception is a failure of network or server.</summary>
    private static bool IsLoss(Exception exception) =>
        exception is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException;

    private static string CloseReason(ClientWebSocket socket) => (socket.CloseStatus, socket.CloseStatusDescription) switch
    {
        (null, _) => "without a reason",
        (var status, null or "") => $"without a reason ({(int)status} {status})",
        var (status, description) => $"({(int)status} {status}: {description})",
    };
}
