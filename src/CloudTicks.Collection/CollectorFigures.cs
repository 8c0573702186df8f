using CloudTicks.CentralHub.Figures;
using CloudTicks.Collection.Counters;
using CloudTicks.Collection.Feeds;
using Microsoft.Extensions.Options;

namespace CloudTicks.Collection;

internal sealed class CollectorFigures(
    CollectorService service, CollectorCounters counters, MarketFeeds feeds, IOptions<CollectorOptions> options,
    TimeProvider time) : IServiceFigures
{
    private const double LatencyPercentile = 0.99;

    public IReadOnlyDictionary<string, double> Read()
    {
        var figures = new Dictionary<string, double>
        {
            [ServiceFigure.ReceivedTicks] = counters.Received,
            [ServiceFigure.RefusedTicks] = counters.RejectedTotal,

            // Refused channels also count as missing acknowledgements.
            [ServiceFigure.MissingAcks] = feeds.GetStatus().Values.Sum(feed => feed.Missing.Count + feed.Refused.Count),
        };

        // The age check is off only for replayed ticks, whose old times say nothing about latency.
        if (options.Value.AgeCheck
            && counters.FeedLatency.Percentile(LatencyPercentile, time.GetUtcNow().ToUnixTimeMilliseconds()) is { } latency)
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
