using System.Globalization;
using System.Security.Cryptography;
using CloudTicks.Dashboard.Streams;

namespace CloudTicks.Dashboard.Board;

/// <summary><c>GET /api/page/board</c>, the board's stream, and <c>POST .../board/{stream}/view</c>, the rows in view.</summary>
internal sealed class BoardRoutes(SymbolBoard board, BoardFeed feed, BoardViewers viewers, StreamServing streams, TimeProvider time)
{
    private const string LastEventId = "Last-Event-ID";
    private const int EpochBytes = 4;

    /// <summary>Pictures of an earlier process have other numbers.</summary>
    private readonly string _epoch = RandomNumberGenerator.GetHexString(2 * EpochBytes, lowercase: true);

    public Task ServeAsync(HttpContext context) =>
        streams.ServeAsync(context, (events, end) => SendAsync(context.Request.Headers[LastEventId].ToString(), events, end));

    public IResult Look(string stream, ViewOrder order) =>
        order.Symbols is not { Count: <= BoardViewer.MostInView } symbols || symbols.Any(symbol => symbol is null)
            ? Results.Problem(
                $"Give symbols, at most {BoardViewer.MostInView} texts.", title: "The view is wrong.",
                statusCode: StatusCodes.Status400BadRequest)
            : viewers.Look(stream, symbols) ? Results.NoContent()
            : Results.Problem(
                "There is no such stream, or it has ended.", title: "There is no such stream.", statusCode: StatusCodes.Status404NotFound);

    private async Task SendAsync(string lastEventId, ServerSentEvents events, CancellationToken end)
    {
        var viewer = new BoardViewer(board, time);
        using var _ = viewers.Add(viewer);
        viewer.Begin(PictureOf(lastEventId));
        FeedState? told = null;
        while (true)
        {
            if (feed.State is var state && state != told)
            {
                await events.SendAsync("feed", state.ToJson(), null, end);
                told = state;
            }

            var picture = board.Picture;
            if (viewer.Draw(picture, out var resumeAt) is { } frame)
            {
                await events.SendAsync("board", frame, string.Create(CultureInfo.InvariantCulture, $"{_epoch}-{resumeAt}"), end);
            }

            await events.UntilAsync(picture.Passed, time, end);
        }
    }

    /// <summary>The picture behind which a stream is taken up; 0 for what is none of ours.</summary>
    private long PictureOf(string lastEventId) =>
        lastEventId.Split('-') is [var epoch, var text] && epoch == _epoch
            && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number <= board.Picture.Number
            ? number
            : 0;
}

internal sealed record ViewOrder(IReadOnlyList<string>? Symbols);
