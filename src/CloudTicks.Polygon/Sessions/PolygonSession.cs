using System.Net.WebSockets;
using CloudTicks.Polygon.Frames;
using CloudTicks.Polygon.Requests;
using CloudTicks.Ticks;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Polygon.Sessions;

/// <summary>
/// One WebSocket from its connection to its end. This loop only reads: each message is stamped, its statuses are handed to the protocol,
/// and all else is queued for decoding; what we say to the server is another loop's business.
/// </summary>
internal sealed class PolygonSession(
    Market market, string label, Uri address, SessionProtocol protocol, FrameQueue frames, RequestBudget budget, WakeSignal signal,
    SessionTimings timings, PolygonMetrics metrics, TimeProvider time, ILogger logger)
{
    // Frames of statuses are read for these alone, so that no symbol needs to be known.
    private readonly FrameReader _statuses = new(market, new SymbolDictionary(1));

    private long _lastMessageMs;
    private SessionEnd? _silent;

    /// <summary>Called once, when the server has taken our key.</summary>
    public required Action OnAuthenticated { get; init; }

    /// <summary>When the last message came, by the clock's timestamps.</summary>
    public long LastMessageAt { get; private set; }

    /// <summary>The same, Unix ms, UTC; 0 before the first.</summary>
    public long LastMessageMs => Volatile.Read(ref _lastMessageMs);

    /// <summary>Runs until the session is over; it never throws for what a network or a server can do.</summary>
    /// <param name="stopping">Ends the session with a close frame.</param>
    public async Task<SessionEnd> RunAsync(CancellationToken stopping)
    {
        using var socket = new ClientWebSocket();
        socket.Options.KeepAliveInterval = timings.PingInterval;
        socket.Options.KeepAliveTimeout = timings.PongTimeout;
        using var over = new CancellationTokenSource();
        using var abort = new CancellationTokenSource();
        using var handshake = new CancellationTokenSource(timings.Handshake, time);
        using var opening = CancellationTokenSource.CreateLinkedTokenSource(abort.Token, handshake.Token, stopping);
        var (closing, saying) = (Task.CompletedTask, Task.CompletedTask);
        try
        {
            await socket.ConnectAsync(address, opening.Token);
            closing = CloseOnStopAsync(socket, abort, over.Token, stopping);
            saying = new ControlSender(socket, protocol, budget, signal, label, logger).RunAsync(over.Token);
            return await ReadAsync(socket, abort, opening.Token);
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            return stopping.IsCancellationRequested ? new SessionEnd(SessionEndReason.Stopped, "stopped")
                : _silent is not null ? _silent
                : handshake.IsCancellationRequested && !protocol.IsAuthenticated
                    ? new SessionEnd(SessionEndReason.HandshakeTimeout, $"no auth_success within {timings.Handshake.TotalSeconds:0.#} s")
                : closing == Task.CompletedTask ? new SessionEnd(SessionEndReason.ConnectFailed, Sentence(exception))
                : IsNoPong(exception) ? new SessionEnd(SessionEndReason.NoPong, $"no sign of life for {(timings.PingInterval + timings.PongTimeout).TotalSeconds:0.#} s, not even a pong")
                : new SessionEnd(SessionEndReason.ConnectionLost, Sentence(exception));
        }
        finally
        {
            await over.CancelAsync();
            await closing;
            await saying;
        }
    }

    private async Task<SessionEnd> ReadAsync(ClientWebSocket socket, CancellationTokenSource aborting, CancellationToken opening)
    {
        var abort = aborting.Token;
        await using var silence = new SilenceWatch(timings.Silence, time, seconds =>
        {
            _silent = new SessionEnd(SessionEndReason.Silent, $"nothing has come for {seconds.TotalSeconds:0.#} s, and the feed was busy before");
            aborting.Cancel();
        });
        var message = new MessageBuffer();
        while (true)
        {
            silence.Waiting();
            var state = await message.ReadAsync(socket, protocol.IsAuthenticated ? abort : opening);
            silence.Received();
            LastMessageAt = time.GetTimestamp();
            Volatile.Write(ref _lastMessageMs, time.GetUtcNow().ToUnixTimeMilliseconds());
            if (state == MessageState.TooLarge)
            {
                await CloseAsync(socket, WebSocketCloseStatus.MessageTooBig);
                return new SessionEnd(
                    SessionEndReason.FrameTooLarge, $"a message is larger than {MessageBuffer.MaxBytes} bytes, the most that is taken");
            }

            if (state == MessageState.Closed)
            {
                await CloseAsync(socket, WebSocketCloseStatus.NormalClosure);
                return new SessionEnd(
                    SessionEndReason.ClosedByServer, $"the server closed the session ({socket.CloseStatus}: {socket.CloseStatusDescription})");
            }

            await TakeAsync(message.Written, abort);
            if (protocol.End is { } end)
            {
                await CloseAsync(socket, WebSocketCloseStatus.NormalClosure);
                return end;
            }
        }
    }

    private async Task TakeAsync(ReadOnlyMemory<byte> message, CancellationToken abort)
    {
        metrics.FrameReceived(market, message.Length);
        if (MayHoldStatus(message.Span))
        {
            var wasAuthenticated = protocol.IsAuthenticated;
            ReadStatuses(message);
            if (!wasAuthenticated && protocol.IsAuthenticated)
            {
                OnAuthenticated();
            }

            signal.Set();
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

    /// <summary>Frames of ticks are not decoded here; an escape could hide the word.</summary>
    private static bool MayHoldStatus(ReadOnlySpan<byte> message) => message.IndexOf("status"u8) >= 0 || message.Contains((byte)'\\');

    private void ReadStatuses(ReadOnlyMemory<byte> message)
    {
        Tick tick = default;
        _statuses.Open(message, 0);
        for (var kind = _statuses.Read(ref tick); kind != ElementKind.End && protocol.End is null; kind = _statuses.Read(ref tick))
        {
            if (kind == ElementKind.Status)
            {
                protocol.Handle(_statuses.Status);
            }
        }
    }

    private async Task CloseOnStopAsync(ClientWebSocket socket, CancellationTokenSource abort, CancellationToken over, CancellationToken stopping)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over, stopping);
        await Task.Delay(Timeout.InfiniteTimeSpan, time, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (over.IsCancellationRequested)
        {
            return;
        }

        // The reader goes on to the server's own close frame: what was on its way arrives.
        await CloseAsync(socket, WebSocketCloseStatus.NormalClosure);
        await Task.Delay(timings.Close, time, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await abort.CancelAsync();
    }

    private async Task CloseAsync(ClientWebSocket socket, WebSocketCloseStatus status)
    {
        if (socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived))
        {
            return;
        }

        using var patience = new CancellationTokenSource(timings.Close, time);
        try
        {
            await socket.CloseOutputAsync(status, null, patience.Token);
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            logger.CloseFailed(label, exception);
        }
    }

    /// <summary>The runtime aborts a socket whose ping is not answered, and says so in the innermost exception alone.</summary>
    private static bool IsNoPong(Exception exception) =>
        exception.GetBaseException() is WebSocketException { WebSocketErrorCode: WebSocketError.Faulted };

    private static string Sentence(Exception exception) => exception.InnerException is { } inner
        ? $"{exception.Message} ({inner.Message})"
        : exception.Message;
}
