using System.Text.Json.Nodes;
using CloudTicks.CentralHub.Client;
using CloudTicks.CentralHub.Lists;
using CloudTicks.Polygon.Serving.Messages;
using CloudTicks.ServiceDocuments.Collector;
using CloudTicks.Ticks;

namespace CloudTicks.Relay.Clients;

/// <summary>
/// The symbols that the collectors collect, according to their document in the central hub. Without a hub these symbols are unknown, and
/// clients can subscribe to every symbol.
/// </summary>
internal sealed class CollectedSymbols(TimeProvider time, ILogger<CollectedSymbols> logger, ConfigClient? document = null)
    : BackgroundService
{
    /// <summary>How often the rollouts are evaluated, because a rollout can begin or end without a new version of the document.</summary>
    private static readonly TimeSpan EvaluateInterval = TimeSpan.FromMinutes(1);

    private readonly TaskCompletionSource _known = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile CollectedChannels? _collected;
    private volatile HashSet<Symbol> _idle = [];
    private volatile bool _isDocumentRead;

    /// <summary>
    /// Whether the document was ever set. Until then the collectors use their own settings, which may differ from the hub's defaults.
    /// </summary>
    public bool IsDocumentSet { get; private set; }

    /// <summary>Completes when the document is read, or when the hub did not respond in time.</summary>
    public Task Known => _known.Task;

    /// <summary>Returns why a symbol has no ticks; null when it may have ticks.</summary>
    public string? Reason(Market market, ChannelName channel)
    {
        if (channel is not { Kind: { } kind, IsWildcard: false } || _collected is not { } collected)
            return null;
        return channel.TryGetSymbol(market, out var symbol) ? collected.Refusal(symbol, kind)
            : "not collected, because it is not a symbol of this market";
    }

    /// <summary>
    /// Whether the document must be changed for a symbol, because it does not select the symbol, or marks it as idle. Until the document
    /// has been read, true for callers that may add symbols.
    /// </summary>
    /// <param name="mayAdd">Whether the caller may add symbols. Without this right a caller can only keep an idle symbol.</param>
    public bool NeedsChange(Symbol symbol, TickKind kind, bool mayAdd) =>
        _idle.Contains(symbol)
        || (mayAdd && (!_isDocumentRead
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
        _isDocumentRead = document.Version is not null;
        _known.TrySetResult();
        if (_collected is null)
            Log.SelectionUnknown(logger);
    }
}
