using System.Text.Json.Nodes;
using CloudTicks.CentralHub.Client;
using CloudTicks.CentralHub.Lists;
using CloudTicks.Polygon.Serving.Messages;
using CloudTicks.ServiceDocuments.Collector;
using CloudTicks.Ticks;

namespace CloudTicks.Relay.Clients;

/// <summary>
/// The symbols that the collectors collect, by their document at the central hub. Without a hub they are unknown, and every
/// symbol can be subscribed to.
/// </summary>
internal sealed class CollectedSymbols(TimeProvider time, ILogger<CollectedSymbols> logger, ConfigClient? document = null)
    : BackgroundService
{
    /// <summary>How often the rollouts are evaluated, because a rollout can begin or end without a new version of the document.</summary>
    private static readonly TimeSpan EvaluateInterval = TimeSpan.FromMinutes(1);

    private readonly TaskCompletionSource _known = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile CollectedChannels? _collected;
    private volatile HashSet<Symbol> _idle = [];
    private volatile bool _isRead;

    /// <summary>
    /// Whether the document was ever set. Until then the collectors' own settings are in force, which may differ from the hub's defaults.
    /// </summary>
    public bool IsDocumentSet { get; private set; }

    /// <summary>Completes when the document is read, or the hub has not responded in time.</summary>
    public Task Known => _known.Task;

    /// <summary>Why a symbol has no ticks; null when it may have some.</summary>
    public string? Reason(Market market, ChannelName channel)
    {
        if (channel is not { Kind: { } kind, IsWildcard: false } || _collected is not { } collected)
            return null;
        return channel.TryGetSymbol(market, out var symbol) ? collected.Refusal(symbol, kind)
            : "not collected, because it is not a symbol of this market";
    }

    /// <summary>
    /// Whether a symbol needs a change of the document: the document does not select the symbol, or is about to drop it. True while the
    /// document has not been read.
    /// </summary>
    /// <param name="mayAdd">Whether the caller may have a symbol added; any caller may keep one.</param>
    public bool NeedsChange(Symbol symbol, TickKind kind, bool mayAdd) =>
        _idle.Contains(symbol)
        || (mayAdd && (!_isRead
            || (IsDocumentSet && _collected is { } collected && collected.RefusalOf(kind) is null && !collected.Selects(symbol))));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (document is null)
            return;
        try
        {
            await document.FollowAsync(
                async json =>
                {
                    await ApplyAsync(json, stoppingToken);
                    return _collected is { DependsOnTime: true } ? EvaluateInterval : null;
                },
                time,
                stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The relay is stopping.
        }
    }

    private async Task ApplyAsync(JsonObject json, CancellationToken cancellationToken)
    {
        IsDocumentSet = document!.Version > 0;
        _collected = await CollectedChannels.ReadAsync(json, new NamedLists(null), time.GetUtcNow(), cancellationToken);
        _idle = [.. OnDemandList.Read(json).Where(entry => entry.IsIdle).Select(entry => entry.Symbol)];
        _isRead = document.Version is not null;
        _known.TrySetResult();
        if (_collected is null)
            Log.SelectionUnknown(logger);
    }
}
