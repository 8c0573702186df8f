using CloudTicks.Foundations;
using CloudTicks.Polygon.Rest;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Polygon.Hours;

/// <summary>Reads the hours each hour and when a market opens or closes, and every few minutes while server and calendar differ.</summary>
internal sealed class MarketHoursRefresh(MarketHours hours, PolygonRestClient rest, TimeProvider time, ILogger<MarketHoursRefresh> logger)
    : BackgroundService
{
    private static readonly TimeSpan Usually = TimeSpan.FromHours(1);
    private static readonly TimeSpan Sooner = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan Least = TimeSpan.FromSeconds(5);

    /// <summary>Our clock and the server's are not the same.</summary>
    private static readonly TimeSpan AfterChange = TimeSpan.FromSeconds(5);

    private bool _isAway;
    private bool _disagrees;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!NewYork.IsFromSystem)
        {
            logger.NoTimeZones();
        }

        while (true)
        {
            var pause = await RefreshAsync(stoppingToken);
            await Task.Delay(Least < pause ? Least : pause, time, stoppingToken);
            if (pause > Least)
            {
                await hours.WaitForDoubtAsync(pause - Least, time, stoppingToken);
            }
        }
    }

    private async Task<TimeSpan> RefreshAsync(CancellationToken cancellationToken)
    {
        var asked = time.GetUtcNow();
        try
        {
            var holidays = await rest.GetHolidaysAsync(cancellationToken);
            var status = await rest.GetMarketStatusAsync(cancellationToken);
            var disagrees = hours.Learn(status, holidays, time.GetUtcNow());
            hours.Asked(asked);
            Tell(disagrees, status);
            var now = time.GetUtcNow();
            var untilChange = hours.NextChange(now) - now + AfterChange;
            var usually = _disagrees ? Sooner : Usually;
            return untilChange < usually ? untilChange : usually;
        }
        catch (PolygonRestException exception)
        {
            hours.Asked(null);
            if (!_isAway)
            {
                _isAway = true;
                logger.HoursUnknown(exception.Message);
            }

            return exception.Failure is RestFailure.KeyRefused or RestFailure.NotInPlan ? Usually
                : exception.RetryAfter > Sooner ? exception.RetryAfter.Value
                : Sooner;
        }
    }

    private void Tell(bool disagrees, MarketStatus status)
    {
        if (_isAway)
        {
            _isAway = false;
            logger.HoursKnownAgain();
        }

        if (disagrees && !_disagrees)
        {
            logger.HoursOverruled(status.Stocks, status.Forex ?? "unknown", status.Crypto ?? "unknown");
        }

        _disagrees = disagrees;
    }
}
