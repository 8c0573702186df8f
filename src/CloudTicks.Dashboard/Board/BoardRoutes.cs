using System.Globalization;
using System.Security.Cryptography;
using CloudTicks.Dashboard.Streams;

namespace CloudTicks.Dashboard.Board;

/// <summary><c>GET /api/page/board</c>, the board's stream, and <c>POST .../board/{stream}/view</c>, the rows in view.</summary>
internal sealed class BoardRoutes(SymbolBoard board, BoardFeed feed, BoardViewers viewers, StreamServer streams, TimeProvider time)
{
    private const string LastEventId = "Last-Event-ID";
    private const int EpochBytes = 4;

    /// <summary>Prefix of event ids. Snapshot numbers restart with the process, so ids of another process must not match.</summary>
    private readonly string _epoch = RandomNumberGenerator.GetHexString(2 * EpochBytes, lowercase: true);

    public Task ServeAsync(HttpContext context) =>
        streams.ServeAsync(context, (events, end) => SendAsync(context.Request.Headers[LastEventId].ToString(), events, end));

    public IResult SetView(string stream, ViewRequest request) =>
        request.Symbols is not { Count: <= BoardViewer.MaxInView } symbols || symbols.Any(symbol => symbol is null)
            ? Results.Problem(
                $"Send an array of at most {BoardViewer.MaxInView} symbols.", title: "The view is invalid.",
                statusCode: StatusCodes.Status400BadRequest)
            : viewers.SetView(stream, symbols) ? Results.NoContent()
            : Results.Problem(
                "There is no such stream, or it has ended.", title: "There is no such stream.", statusCode: StatusCodes.Status404NotFound);

    private async Task SendAsync(string lastEventId, ServerSentEvents events, CancellationToken end)
    {
        var viewer = new BoardViewer(board, time);
        using var _ = viewers.Add(viewer);
        viewer.Begin(SnapshotOf(lastEventId));
        FeedState? sent = null;
        while (true)
        {
            if (feed.State is var state && state != sent)
            {
                await events.SendAsync("feed", state.ToJson(), null, end);
                sent = state;
            }

            var snapshot = board.Snapshot;
            if (viewer.WriteFrame(snapshot, out var resumeAt) is { } frame)
            {
                await events.SendAsync("board", frame, string.Create(CultureInfo.InvariantCulture, $"{_epoch}-{resumeAt}"), end);
            }

            await events.UntilAsync(snapshot.Superseded, time, end);
        }
    }

    /// <summary>Returns the number of the snapshot after which a stream resumes; 0 for an id of another process.</summary>
    private long SnapshotOf(string lastEventId) =>
        lastEventId.Split('-') is [var epoch, var text] && epoch == _epoch
            && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number <= board.Snapshot.Number
            ? number
            : 0;
}

internal sealed record ViewRequest(IReadOnlyList<string>? Symbols);
