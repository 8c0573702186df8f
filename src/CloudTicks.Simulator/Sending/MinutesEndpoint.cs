using CloudTicks.Simulator.Channels;
using CloudTicks.Simulator.History;

namespace CloudTicks.Simulator.Sending;

/// <summary>Serves <c>GET /api/v1/minutes?from=&amp;to=</c> (Unix ms): the counts of generated ticks by channel and minute.</summary>
internal sealed class MinutesEndpoint(ChannelDirectory channels, TickHistory history)
{
    private const long MaxRangeMs = 3_600_000;

    public IResult Get(long from, long to) => from >= to || to - from > MaxRangeMs
        ? Results.Problem(
            "'from' and 'to' must be Unix ms, with 'from' before 'to' and at most one hour between them.",
            statusCode: StatusCodes.Status400BadRequest)
        : Results.Ok(channels.All.Select(channel => MinuteReport.Of(channel, history, from, to)).OfType<MinuteReport>());
}
