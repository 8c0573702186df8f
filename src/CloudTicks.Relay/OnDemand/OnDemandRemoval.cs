using System.Text.Json.Nodes;
using CloudTicks.CentralHub.Client;
using CloudTicks.Foundations;
using CloudTicks.Relay.Archive;
using CloudTicks.ServiceDocuments.Collector;
using Microsoft.Extensions.Options;

namespace CloudTicks.Relay.OnDemand;

/// <summary>
/// Removes added symbols from the collectors' document after a time without subscribers. A relay without subscribers to a symbol first
/// marks the symbol as idle. Any other relay that has a subscriber removes the mark. A symbol that stays marked for some time is removed.
/// </summary>
internal sealed class OnDemandRemoval(
    LiveChannels channels, IOptions<RelayOptions> options, OnDemandMetrics metrics, TimeProvider time, ILogger<OnDemandRemoval> logger,
    ConfigClient? document = null)
    : BackgroundService
{
    private static readonly TimeSpan MinInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MaxInterval = TimeSpan.FromMinutes(1);

    private readonly OutageLog _outage = new(time);
    private readonly IdleSymbols _symbols = new(options.Value.UnsubscribeAfter, time);

    private TimeSpan Interval => TimeSpan.FromTicks(
        Math.Clamp(options.Value.UnsubscribeAfter.Ticks / 10, MinInterval.Ticks, MaxInterval.Ticks));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (document is null || !options.Value.Subscribe)
        {
            return;
        }

        try
        {
            await document.FollowAsync(
                async json =>
                {
                    await CheckAsync(document, json, stoppingToken);
                    return OnDemandList.Read(json).Count > 0 ? Interval : null;
                },
                time,
                stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The relay is stopping.
        }
    }

    private async Task CheckAsync(ConfigClient document, JsonObject json, CancellationToken cancellationToken)
    {
        if (!_symbols.FindChanges(OnDemandList.Read(json), channels.NamedSymbols()))
        {
            return;
        }

        var removed = new List<string>();
        try
        {
            // Apply the changes to the newest document, so that a symbol whose mark was removed meanwhile is kept.
            await document.ChangeAsync(
                (_, newest) =>
                {
                    var before = OnDemandList.Read(newest);
                    var after = _symbols.Apply(before);
                    removed = [.. before.Select(entry => entry.Symbol.Name).Except(after.Select(entry => entry.Symbol.Name))];
                    return Task.FromResult(after.SequenceEqual(before) ? null : OnDemandList.PatchOf(after));
                },
                "relay: subscribers changed", cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The relay is stopping. Return instead of throwing, so that the wait for the next version ends before its reader is disposed
            // of.
            return;
        }
        catch (ConfigChangeException problem)
        {
            if (_outage.Failed(out _) != OutageNotice.None)
            {
                logger.NotRemoved(problem.Message);
            }

            return;
        }

        _outage.End(out _);
        metrics.Removed(removed.Count);
        removed.ForEach(symbol => logger.Removed(symbol, options.Value.UnsubscribeAfter.TotalSeconds));
    }
}
