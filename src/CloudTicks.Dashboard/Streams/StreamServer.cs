using System.Net;
using CloudTicks.Dashboard.Sessions;

namespace CloudTicks.Dashboard.Streams;

/// <summary>Serves a stream: reserves a slot, sends the headers, and treats every disconnection as normal.</summary>
internal sealed class StreamServer(StreamSlots slots, IHostApplicationLifetime lifetime, TimeProvider time)
{
    private const string RetryAfterSeconds = "5";

    /// <summary>The maximum duration of a stream. The browser then reconnects, which checks its session again.</summary>
    private static readonly TimeSpan MaxDuration = TimeSpan.FromHours(1);

    /// <summary>
    /// Serves a stream until its reader disconnects, a required session ends, the maximum duration has passed, or the program stops.
    /// </summary>
    /// <returns>A task that completes when the stream has ended, or after a 429 response because too many are open.</returns>
    public async Task ServeAsync(HttpContext context, Func<ServerSentEvents, CancellationToken, Task> sendAsync)
    {
        using var slot = slots.Acquire(context.Connection.RemoteIpAddress ?? IPAddress.None, out var refusal);
        if (slot is null)
        {
            context.Response.Headers.RetryAfter = RetryAfterSeconds;
            await Results.Problem(refusal, title: "There are too many streams.", statusCode: StatusCodes.Status429TooManyRequests)
                .ExecuteAsync(context);
            return;
        }

        using var timeout = new CancellationTokenSource(MaxDuration, time);
        var visitor = Visitor.Of(context);
        var signedOut = visitor is { NeedsKey: true, Session: { } session } ? session.Ended : CancellationToken.None;
        using var end =
            CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping, timeout.Token, signedOut);
        var events = new ServerSentEvents(context.Response);
        try
        {
            await events.BeginAsync(end.Token);
            await sendAsync(events, end.Token);
        }
        catch (Exception exception) when (end.IsCancellationRequested && exception is OperationCanceledException or IOException)
        {
            // The reader disconnected, its session ended, the maximum duration has passed, or the program stops.
        }
    }
}
