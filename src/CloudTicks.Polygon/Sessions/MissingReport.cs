using CloudTicks.Ticks;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Polygon.Sessions;

/// <summary>Names the channels that the server does not give: those together that came together, and not more than fit on a line.</summary>
internal sealed class MissingReport(string label, Market market, PolygonMetrics metrics, ILogger logger)
{
    /// <summary>A server may be slow once; it is silent for good about names that it does not know.</summary>
    public const int AfterTries = 3;

    private const int MostNamed = 20;

    private readonly List<string> _missing = [];
    private int _refused;
    private int _takenBack;

    public void Add(FeedChannel channel) => _missing.Add(channel.ToString());

    public void Say()
    {
        if (_missing.Count == 0)
        {
            return;
        }

        metrics.Unacknowledged(market, _missing.Count);
        var names = string.Join(", ", _missing.Order(StringComparer.Ordinal).Take(MostNamed)) + (_missing.Count > MostNamed ? ", ..." : "");
        logger.NotAcknowledged(label, _missing.Count, names);
        _missing.Clear();
    }

    public void Refused(FeedChannel channel, string message)
    {
        metrics.ChannelsRefused(market, 1);
        if (_refused++ < MostNamed)
        {
            logger.ChannelRefused(label, channel, message);
        }
        else
        {
            logger.AnotherChannelRefused(label, channel, message);
        }
    }

    public void TakenBack(FeedChannel channel)
    {
        if (_takenBack++ < MostNamed)
        {
            logger.ChannelTakenBack(label, channel);
        }
    }

    public void Limited(int held, int others, string message)
    {
        metrics.ChannelsRefused(market, others);
        logger.SubscriptionLimit(label, held, others, message);
    }
}
