using System.Net.WebSockets;
using CloudTicks.Foundations;
using CloudTicks.Polygon.Requests;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Polygon.Sessions;

/// <summary>Sends the protocol's messages within the request budget, in a separate loop, so that the reader never waits.</summary>
internal sealed class ControlSender(
    WebSocket socket, SessionProtocol protocol, RequestBudget budget, WakeSignal signal, TimeProvider time, string label, ILogger logger)
{
    /// <summary>Runs until the session ends. If the socket breaks, the reader reports why.</summary>
    public async Task RunAsync(CancellationToken sessionEnded)
    {
        try
        {
            while (true)
            {
                if (protocol.UntilNext() is not { } wait || wait > TimeSpan.Zero)
                {
                    await signal.WaitAsync(protocol.UntilNext(), time, sessionEnded);
                    continue;
                }

                // The auth message needs no permit here: its permit was acquired before connecting.
                if (protocol.IsAuthenticated)
                {
                    await budget.TakeAsync(sessionEnded);
                }

                if (protocol.TakeNext() is { } message)
                {
                    logger.SendingMessage(label, message);
                    await socket.SendAsync(message.ToUtf8(), WebSocketMessageType.Text, true, sessionEnded);
                }
            }
        }
        catch (Exception exception) when (
            exception is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException
            or InvalidOperationException)
        {
            var reason = FailureText.Of(exception);
            logger.SenderEnded(label, reason);
        }
    }
}
