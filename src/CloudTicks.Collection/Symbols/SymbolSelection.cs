using CloudTicks.CentralHub.Settings;
using CloudTicks.Foundations;
using CloudTicks.Polygon.Rest;
using CloudTicks.Polygon.Sessions;
using CloudTicks.Ticks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CloudTicks.Collection.Symbols;

/// <summary>
/// Which symbols are collected, now: what the settings name, what feature flags turn on, and the option contracts of the shares that the
/// settings name. It follows the settings, the files, the time windows of flags, and the days of New York. A change that cannot be used
/// leaves the selection as it is.
/// </summary>
internal sealed class SymbolSelection : IRefusedSettings
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    private readonly IOptionsMonitor<CollectorOptions> _options;
    private readonly IOptionsMonitor<PolygonOptions> _polygon;
    private readonly TimeProvider _time;
    private readonly ILogger<SymbolSelection> _logger;
    private readonly OptionLookup _lookup;
    private readonly SymbolReview _review;
    private IReadOnlyList<Symbol> _configured = [];
    private RolloutSymbols _rollouts = RolloutSymbols.None;
    private IReadOnlyList<Symbol> _turnedOn = [];
    private long _refusals;
    private volatile string? _refused;

    public SymbolSelection(
        IOptionsMonitor<CollectorOptions> options, IOptionsMonitor<PolygonOptions> polygon, PolygonRestClient rest, TimeProvider time,
        ILogger<SymbolSelection> logger)
    {
        (_options, _polygon, _time, _logger) = (options, polygon, time, logger);
        (_lookup, _review) = (new OptionLookup(rest, time, logger), new SymbolReview(rest, time, logger));
    }

    public string? Refused => _refused ?? _lookup.Problem;

    public long Refusals => Interlocked.Read(ref _refusals);

    public int LeftOut { get; private set; }

    /// <summary>The selection to begin with: what the settings name and flags turn on. Contracts come when they are looked up.</summary>
    /// <exception cref="CollectorException">The settings cannot be used.</exception>
    public async Task<SelectedSymbols> BeginAsync(CollectorOptions options, CancellationToken cancellationToken)
    {
        var turnedOn = await RolloutSymbols.Read(options).OnAsync(_time.GetUtcNow(), cancellationToken);
        return new SelectedSymbols([.. ConfiguredSymbols.Read(options).Concat(turnedOn).Distinct()], options.Feed);
    }

    public async Task FollowAsync(SelectedSymbols current, Action<SelectedSymbols> change, CancellationToken stopping)
    {
        try
        {
            await FollowAllAsync(current, change, stopping);
        }
        finally
        {
            await _review.EndAsync();
        }
    }

    private async Task FollowAllAsync(SelectedSymbols current, Action<SelectedSymbols> change, CancellationToken stopping)
    {
        var changed = new WakeSignal();
        using var subscription = _options.OnChange((_, _) => changed.Set());
        var (options, room, stamp, roll) = ((CollectorOptions?)null, 0, "", DateTimeOffset.MaxValue);
        _configured = current.Symbols;
        while (true)
        {
            var latest = _options.CurrentValue;
            var newStamp = Stamp(latest);
            if (!ReferenceEquals(latest, options) || newStamp != stamp)
            {
                // Files that are being written are read again when they have changed again.
                (options, stamp) = (latest, newStamp);
                await TakeConfiguredAsync(options, stopping);
                Apply(options);
            }
            else if (_rollouts.DependOnTime && await TakeTurnedOnAsync(stopping))
            {
                Apply(options);
            }

            if (_lookup.IsDue(options))
            {
                await _lookup.RefreshAsync(options, stopping);
                Apply(options);
            }

            var now = _time.GetUtcNow();
            if (now >= roll || _polygon.CurrentValue.EffectiveMaxConnections != room)
            {
                Apply(options);
            }

            (roll, room) = (OptionLookup.NextRoll(now), _polygon.CurrentValue.EffectiveMaxConnections);
            _review.Review(_configured, _turnedOn, stopping);
            await changed.WaitAsync(BetweenLooks, _time, stopping);
        }

        void Apply(CollectorOptions with)
        {
            var selected = Selected(with);
            if (!selected.IsSameAs(current))
            {
                Tell(current, selected);
                current = selected;
                change(selected);
            }
        }
    }

    private async Task TakeConfiguredAsync(CollectorOptions options, CancellationToken cancellationToken)
    {
        try
        {
            var (configured, rollouts) = (ConfiguredSymbols.Read(options), RolloutSymbols.Read(options));
            var turnedOn = await rollouts.OnAsync(_time.GetUtcNow(), cancellationToken);
            SubscriptionPlan.Create(new SelectedSymbols([.. configured, .. turnedOn], options.Feed));
            (_configured, _rollouts, _turnedOn) = (configured, rollouts, turnedOn);
            _refused = null;
        }
        catch (CollectorException exception)
        {
            Refuse(exception);
        }
    }

    /// <returns>True when the time has turned symbols on or off.</returns>
    private async Task<bool> TakeTurnedOnAsync(CancellationToken cancellationToken)
    {
        try
        {
            var turnedOn = await _rollouts.OnAsync(_time.GetUtcNow(), cancellationToken);
            if (turnedOn.SequenceEqual(_turnedOn))
            {
                return false;
            }

            _turnedOn = turnedOn;
            return true;
        }
        catch (CollectorException exception)
        {
            // The lists are gone, or wrong: once is enough. They are read again when they change.
            if (_refused is null)
            {
                Refuse(exception);
            }

            return false;
        }
    }

    private void Refuse(CollectorException problem)
    {
        _refused = problem.Message;
        Interlocked.Increment(ref _refusals);
        _logger.SettingsRefused(problem.Message);
    }

    private SelectedSymbols Selected(CollectorOptions options)
    {
        var named = _configured.Concat(_turnedOn).Distinct().ToArray();
        var listed = _lookup.Contracts(options).ToArray();
        var room = (ContractChoice.PerConnection * _polygon.CurrentValue.EffectiveMaxConnections) - named.Count(
            symbol => symbol.Market == Market.Option);
        var contracts = ContractChoice.Choose(listed, room);
        var leftOut = listed.Sum(share => share.Count) - contracts.Count;
        if (leftOut != LeftOut && leftOut > 0)
        {
            _logger.ContractsLeftOut(leftOut, contracts.Count, _polygon.CurrentValue.EffectiveMaxConnections);
        }

        LeftOut = leftOut;
        return new SelectedSymbols([.. named.Concat(contracts).Distinct()], options.Feed);
    }

    private void Tell(SelectedSymbols before, SelectedSymbols after)
    {
        var (old, @new) = (before.Symbols.ToHashSet(), after.Symbols.ToHashSet());
        var kept = old.Count(@new.Contains);
        _logger.SelectionChanged(after.Symbols.Count, @new.Count - kept, old.Count - kept);
    }

    private static string Stamp(CollectorOptions options)
    {
        try
        {
            return FilesStamp.Of(options);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return exception.Message;
        }
    }
}
