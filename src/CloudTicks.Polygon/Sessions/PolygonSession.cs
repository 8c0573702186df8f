using System.Net.WebSockets;
using CloudTicks.Polygon.Frames;
using CloudTicks.Ticks;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Polygon.Sessions;

/// <summary>
/// One WebSocket from its connection to its end. The loop only reads: each message is stamped, its statuses are answered, and all else
/// is queued for decoding.
/// </summary>
internal sealed class PolygonSession(
    Market market, Uri address, SessionProtocol protocol, FrameQueue frames, SessionTimings timings, PolygonMetrics metrics,
    TimeProvider time, ILogger logger)
{
    // Frames of statuses are read for these alone, so that no symbol needs to be known.
    private readonly FrameReader _statuses = new(market, new SymbolDictionary(1));

    private readonly string _market = market.Path();

    private SessionEnd? _silent;

    /// <summary>Called once, when the server has taken our key.</summary>
    public required Action OnAuthenticated { get; init; }

    /// <summary>When the last message came, by the clock's timestamps.</summary>
    public long LastMessageAt { get; private set; }

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
        var closing = Task.CompletedTask;
        try
        {
            await socket.ConnectAsync(address, opening.Token);
            closing = CloseOnStopAsync(socket, abort, over.Token, stopping);
            return await ReadAsync(socket, abort, opening.Token);
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            return stopping.IsCancellationRequested ? new SessionEnd(SessionEndReason.Stopped, "stopped")
                : _silent is not null ? _silent
                : handshake.IsCancellationRequested && !protocol.IsAuthenticated
                    ? new SessionEnd(SessionEndReason.HandshakeTimeout, $"no auth_success within {timings.Handshake.TotalSeconds:0.#} s")
                : closing == Task.CompletedTask ? new SessionEnd(SessionEndReason.ConnectFailed, Sentence(exception))
                : new SessionEnd(SessionEndReason.ConnectionLost, Sentence(exception));
        }
        finally
        {
            await over.CancelAsync();
            await closing;
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
        ITimer? acknowledgements = null;
        try
        {
            while (true)
            {
                silence.Waiting();
                var state = await message.ReadAsync(socket, protocol.IsAuthenticated ? abort : opening);
                silence.Received();
                LastMessageAt = time.GetTimestamp();
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

                var wasAuthenticated = protocol.IsAuthenticated;
                await TakeAsync(socket, message.Written, abort);
                if (protocol.End is { } end)
                {
                    await CloseAsync(socket, WebSocketCloseStatus.NormalClosure);
                    return end;
                }

                if (!wasAuthenticated && protocol.IsAuthenticated)
                {
                    OnAuthenticated();
                    acknowledgements = time.CreateTimer(
                        _ => metrics.Unacknowledged(market, protocol.ReportMissing()), null, timings.Acknowledgement, Timeout.InfiniteTimeSpan);
                }
            }
        }
        finally
        {
            if (acknowledgements is not null)
            {
                await acknowledgements.DisposeAsync();
            }
        }
    }

    private async Task TakeAsync(ClientWebSocket socket, ReadOnlyMemory<byte> message, CancellationToken abort)
    {
        var receivedMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        metrics.FrameReceived(market, message.Length);
        if (MayHoldStatus(message.Span))
        {
            foreach (var answer in ReadStatuses(message))
            {
                await socket.SendAsync(answer, WebSocketMessageType.Text, true, abort);
            }
        }

        var frame = ReceivedFrame.Copy(market, message.Span, receivedMs);
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

    private List<byte[]> ReadStatuses(ReadOnlyMemory<byte> message)
    {
        var answers = new List<byte[]>();
        Tick tick = default;
        _statuses.Open(message, 0);
        for (var kind = _statuses.Read(ref tick); kind != ElementKind.End && protocol.End is null; kind = _statuses.Read(ref tick))
        {
            if (kind == ElementKind.Status)
            {
                answers.AddRange(protocol.Handle(_statuses.Status));
            }
        }

        return answers;
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
            logger.CloseFailed(_market, exception);
        }
    }

    private static string Sentence(Exception exception) => exception.InnerException is { } inner
        ? $"{exception.Message} ({inner.Message})"
        : exception.Message;
}
