using System.Net;
using CloudTicks.Dashboard.Sessions;

namespace CloudTicks.Dashboard.Streams;

/// <summary>Serves a stream: a place for it, its head, and its end, which is no error whoever makes it.</summary>
internal sealed class StreamServing(StreamPlaces places, IHostApplicationLifetime lifetime, TimeProvider time)
{
    private const string RetryAfterSeconds = "5";

    /// <summary>Then a page takes its stream up again, and shows its session anew.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>Serves a stream until its reader goes or the program stops.</summary>
    /// <returns>A problem (429) when there are too many.</returns>
    public async Task ServeAsync(HttpContext context, Func<ServerSentEvents, CancellationToken, Task> sendAsync)
    {
        using var place = places.Take(context.Connection.RemoteIpAddress ?? IPAddress.None, out var refusal);
        if (place is null)
        {
            context.Response.Headers.RetryAfter = RetryAfterSeconds;
            await Results.Problem(refusal, title: "There are too many streams.", statusCode: StatusCodes.Status429TooManyRequests)
                .ExecuteAsync(context);
            return;
        }

        using var late = new CancellationTokenSource(Longest, time);
        var visitor = Visitor.Of(context);
        var signedOut = visitor is { NeedsKey: true, Session: { } session } ? session.Ended : CancellationToken.None;
        using var end =
            CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping, late.Token, signedOut);
        var events = new ServerSentEvents(context.Response);
        try
        {
            await events.BeginAsync(end.Token);
            await sendAsync(events, end.Token);
        }
        catch (Exception exception) when (end.IsCancellationRequested && exception is OperationCanceledException or IOException)
        {
            // The reader has gone, or may not read any longer, or the program stops.
        }
    }
}
