using CloudTicks.Ticks;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Polygon.Sessions;

/// <summary>Logs the channels that the server does not provide, grouped by reason and with a limited number of names.</summary>
internal sealed class MissingReport(string label, Market market, PolygonMetrics metrics, ILogger logger)
{
    /// <summary>
    /// The number of unanswered requests after which a channel is reported: a server may be slow once, but it never responds to unknown
    /// names.
    /// </summary>
    public const int MinAttempts = 3;

    private const int MaxNames = 20;

    private readonly List<string> _missing = [];
    private int _refused;
    private int _takenBack;

    public void Add(FeedChannel channel) => _missing.Add(channel.ToString());

    public void Log()
    {
        if (_missing.Count == 0)
        {
            return;
        }

        metrics.Unacknowledged(market, _missing.Count);
        var names = string.Join(", ", _missing.Order(StringComparer.Ordinal).Take(MaxNames)) + (_missing.Count > MaxNames ? ", ..." : "");
        logger.NotAcknowledged(label, _missing.Count, names);
        _missing.Clear();
    }

    public void Refused(FeedChannel channel, string message)
    {
        metrics.ChannelsRefused(market, 1);
        if (_refused++ < MaxNames)
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
        if (_takenBack++ < MaxNames)
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
