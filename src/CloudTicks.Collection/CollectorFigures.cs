using CloudTicks.CentralHub.Figures;
using CloudTicks.Collection.Counters;
using CloudTicks.Collection.Feeds;
using Microsoft.Extensions.Options;

namespace CloudTicks.Collection;

internal sealed class CollectorFigures(
    CollectorService service, CollectorCounters counters, MarketFeeds feeds, IOptions<CollectorOptions> options,
    TimeProvider time) : IServiceFigures
{
    private const double Share = 0.99;

    public IReadOnlyDictionary<string, double> Read()
    {
        var figures = new Dictionary<string, double>
        {
            [ServiceFigure.ReceivedTicks] = counters.Received,
            [ServiceFigure.RefusedTicks] = counters.RejectedTotal,

            // A channel that the server refused was asked for too, and brings nothing.
            [ServiceFigure.MissingAcks] = feeds.GetStatus().Values.Sum(feed => feed.Missing.Count + feed.Refused.Count),
        };

        // Recorded ticks keep the times of their day.
        if (options.Value.AgeCheck && counters.FeedLatency.Percentile(Share, time.GetUtcNow().ToUnixTimeMilliseconds()) is { } latency)
        {
            figures[ServiceFigure.FeedLatencyMs] = latency;
        }

        if (service.GetStatus().Spool is { } spool)
        {
            figures[ServiceFigure.SpoolBytes] = spool.Bytes;
            figures[ServiceFigure.SpoolLimitBytes] = spool.LimitBytes;
        }

        return figures;
    }
}
