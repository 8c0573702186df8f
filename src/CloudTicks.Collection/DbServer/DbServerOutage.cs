using CloudTicks.Foundations;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Collection.DbServer;

/// <summary>Logs the server's outages. Thread-safe: several requests are in flight at once.</summary>
internal sealed class DbServerOutage(Uri server, TimeProvider time, ILogger logger)
{
    private readonly OutageLog _outage = new(time);

    /// <summary>How long the outage has lasted; null when there is none.</summary>
    public TimeSpan? UnavailableFor => _outage.Duration;

    public void Failed(string reason)
    {
        switch (_outage.Failed(out var duration))
        {
            case OutageNotice.First:
                logger.DbServerUnavailable(server.Authority, reason);
                break;
            case OutageNotice.Reminder:
                logger.DbServerStillUnavailable(server.Authority, duration.TotalSeconds, reason);
                break;
        }
    }

    public void End()
    {
        if (_outage.End(out var duration))
        {
            logger.DbServerAvailableAgain(server.Authority, duration.TotalSeconds);
        }
    }
}
