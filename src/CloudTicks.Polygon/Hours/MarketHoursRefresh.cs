using CloudTicks.Foundations;
using CloudTicks.Polygon.Rest;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Polygon.Hours;

/// <summary>
/// Refreshes the market hours every hour, when a market opens or closes, on request, and every 5 minutes while server and calendar differ
/// or after a failure that a retry may resolve.
/// </summary>
internal sealed class MarketHoursRefresh(MarketHours hours, PolygonRestClient rest, TimeProvider time, ILogger<MarketHoursRefresh> logger)
    : BackgroundService
{
    private static readonly TimeSpan NormalInterval = TimeSpan.FromHours(1);
    private static readonly TimeSpan ShortInterval = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan MinInterval = TimeSpan.FromSeconds(5);

    /// <summary>Delay between the opening or closing of a market and the refresh, because the server's clock may differ.</summary>
    private static readonly TimeSpan ChangeDelay = TimeSpan.FromSeconds(5);

    private bool _isUnavailable;
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
            await Task.Delay(MinInterval < pause ? MinInterval : pause, time, stoppingToken);
            if (pause > MinInterval)
            {
                await hours.WaitForRequestAsync(pause - MinInterval, time, stoppingToken);
            }
        }
    }

    private async Task<TimeSpan> RefreshAsync(CancellationToken cancellationToken)
    {
        var requestedAt = time.GetUtcNow();
        try
        {
            var holidays = await rest.GetHolidaysAsync(cancellationToken);
            var status = await rest.GetMarketStatusAsync(cancellationToken);
            var disagrees = hours.ApplyStatus(status, holidays, time.GetUtcNow());
            hours.SetRefreshed(requestedAt);
            LogChanges(disagrees, status);
            var now = time.GetUtcNow();
            var untilChange = hours.NextChange(now) - now + ChangeDelay;
            var interval = _disagrees ? ShortInterval : NormalInterval;
            return untilChange < interval ? untilChange : interval;
        }
        catch (PolygonRestException exception)
        {
            hours.SetRefreshed(null);
            if (!_isUnavailable)
            {
                _isUnavailable = true;
                logger.HoursUnknown(exception.Message);
            }

            return exception.Failure is RestFailure.KeyRefused or RestFailure.NotInPlan ? NormalInterval
                : exception.RetryAfter > ShortInterval ? exception.RetryAfter.Value
                : ShortInterval;
        }
    }

    private void LogChanges(bool disagrees, MarketStatus status)
    {
        if (_isUnavailable)
        {
            _isUnavailable = false;
            logger.HoursKnownAgain();
        }

        if (disagrees && !_disagrees)
        {
            logger.HoursOverruled(status.Stocks, status.Forex ?? "unknown", status.Crypto ?? "unknown");
        }

        _disagrees = disagrees;
    }
}
