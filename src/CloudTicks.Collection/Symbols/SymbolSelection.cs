using CloudTicks.CentralHub.Settings;
using CloudTicks.Foundations;
using CloudTicks.Polygon.Rest;
using CloudTicks.Polygon.Sessions;
using CloudTicks.Ticks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CloudTicks.Collection.Symbols;

/// <summary>
/// The current selection of symbols: those of the settings, those that feature flags enable, and the option contracts of the configured
/// stocks. It is updated when the settings or files change, when a flag's time window begins or ends, and when option contracts expire or
/// are looked up. An invalid change does not affect the selection.
/// </summary>
internal sealed class SymbolSelection : IRefusedSettings
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    private readonly IOptionsMonitor<CollectorOptions> _options;
    private readonly IOptionsMonitor<PolygonOptions> _polygon;
    private readonly TimeProvider _time;
    private readonly ILogger<SymbolSelection> _logger;
    private readonly OptionLookup _lookup;
    private readonly SymbolReview _review;
    private IReadOnlyList<Symbol> _configuredSymbols = [];
    private RolloutSymbols _rollouts = RolloutSymbols.None;
    private IReadOnlyList<Symbol> _enabledSymbols = [];

    // One field, so that a new reason and its count become visible at the same time.
    private volatile Refusal _refusal = new(null, 0);

    public SymbolSelection(
        IOptionsMonitor<CollectorOptions> options, IOptionsMonitor<PolygonOptions> polygon, PolygonRestClient rest, TimeProvider time,
        ILogger<SymbolSelection> logger)
    {
        (_options, _polygon, _time, _logger) = (options, polygon, time, logger);
        (_lookup, _review) = (new OptionLookup(rest, time, logger), new SymbolReview(rest, time, logger));
    }

    public string? Refused => _refusal.Reason ?? _lookup.Problem;

    public long Refusals => _refusal.Count;

    public int LeftOut { get; private set; }

    /// <summary>The initial selection: symbols of settings and flags. Option contracts are added once they have been looked up.</summary>
    /// <exception cref="CollectorException">The settings cannot be used.</exception>
    public async Task<SelectedSymbols> ReadInitialAsync(CollectorOptions options, CancellationToken cancellationToken)
    {
        var enabled = await RolloutSymbols.Read(options).ReadEnabledAsync(_time.GetUtcNow(), cancellationToken);
        return new SelectedSymbols([.. ConfiguredSymbols.Read(options).Concat(enabled).Distinct()], options.Feed);
    }

    public async Task FollowAsync(SelectedSymbols current, Action<SelectedSymbols> onChange, CancellationToken stopping)
    {
        try
        {
            await FollowAllAsync(current, onChange, stopping);
        }
        finally
        {
            await _review.WaitForLookupAsync();
        }
    }

    private async Task FollowAllAsync(SelectedSymbols current, Action<SelectedSymbols> onChange, CancellationToken stopping)
    {
        var changeSignal = new WakeSignal();
        using var subscription = _options.OnChange((_, _) => changeSignal.Set());
        var (options, room, fingerprint, roll) = ((CollectorOptions?)null, 0, "", DateTimeOffset.MaxValue);
        _configuredSymbols = current.Symbols;
        while (true)
        {
            var latest = _options.CurrentValue;
            var newFingerprint = ReadFingerprint(latest);
            if (!ReferenceEquals(latest, options) || newFingerprint != fingerprint)
            {
                // If a file is still being written, its fingerprint changes again, and the next poll reads the file again.
                (options, fingerprint) = (latest, newFingerprint);
                await ReloadConfiguredAsync(options, stopping);
                Apply(options);
            }
            else if (_rollouts.DependsOnTime && await ReloadEnabledAsync(stopping))
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

            (roll, room) = (OptionLookup.NextExpiry(now), _polygon.CurrentValue.EffectiveMaxConnections);
            _review.Review(_configuredSymbols, _enabledSymbols, stopping);
            await changeSignal.WaitAsync(PollInterval, _time, stopping);
        }

        void Apply(CollectorOptions settings)
        {
            var selectedSymbols = Select(settings);
            if (!selectedSymbols.IsSameAs(current))
            {
                LogChange(current, selectedSymbols);
                current = selectedSymbols;
                onChange(selectedSymbols);
            }
        }
    }

    private async Task ReloadConfiguredAsync(CollectorOptions options, CancellationToken cancellationToken)
    {
        try
        {
            var (configured, rollouts) = (ConfiguredSymbols.Read(options), RolloutSymbols.Read(options));
            var enabled = await rollouts.ReadEnabledAsync(_time.GetUtcNow(), cancellationToken);
            SubscriptionPlan.Create(new SelectedSymbols([.. configured, .. enabled], options.Feed));
            (_configuredSymbols, _rollouts, _enabledSymbols) = (configured, rollouts, enabled);
            _refusal = _refusal with { Reason = null };
        }
        catch (CollectorException exception)
        {
            Refuse(exception);
        }
    }

    /// <returns>Whether the enabled symbols changed.</returns>
    private async Task<bool> ReloadEnabledAsync(CancellationToken cancellationToken)
    {
        try
        {
            var enabled = await _rollouts.ReadEnabledAsync(_time.GetUtcNow(), cancellationToken);
            if (enabled.SequenceEqual(_enabledSymbols))
            {
                return false;
            }

            _enabledSymbols = enabled;
            return true;
        }
        catch (CollectorException exception)
        {
            // A flag or a list cannot be evaluated. Report this only once, because each poll tries again.
            if (_refusal.Reason is null)
            {
                Refuse(exception);
            }

            return false;
        }
    }

    private void Refuse(CollectorException problem)
    {
        _refusal = new Refusal(problem.Message, _refusal.Count + 1);
        _logger.SettingsRefused(problem.Message);
    }

    private SelectedSymbols Select(CollectorOptions options)
    {
        var namedSymbols = _configuredSymbols.Concat(_enabledSymbols).Distinct().ToArray();
        var listedContracts = _lookup.Contracts(options).ToArray();
        var room = (ContractChoice.MaxPerConnection * _polygon.CurrentValue.EffectiveMaxConnections) - namedSymbols.Count(
            symbol => symbol.Market == Market.Option);
        var contracts = ContractChoice.Choose(listedContracts, room);
        var leftOut = listedContracts.Sum(share => share.Count) - contracts.Count;
        if (leftOut != LeftOut && leftOut > 0)
        {
            _logger.ContractsNotCollected(leftOut, contracts.Count, _polygon.CurrentValue.EffectiveMaxConnections);
        }

        LeftOut = leftOut;
        return new SelectedSymbols([.. namedSymbols.Concat(contracts).Distinct()], options.Feed);
    }

    private void LogChange(SelectedSymbols before, SelectedSymbols after)
    {
        var (old, @new) = (before.Symbols.ToHashSet(), after.Symbols.ToHashSet());
        var keptCount = old.Count(@new.Contains);
        _logger.SelectionChanged(after.Symbols.Count, @new.Count - keptCount, old.Count - keptCount);
    }

    private static string ReadFingerprint(CollectorOptions options)
    {
        try
        {
            return FilesFingerprint.Of(options);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return exception.Message;
        }
    }

    /// <param name="Reason">Why the current settings are refused; null when they are used.</param>
    /// <param name="Count">The number of refusals since the start.</param>
    private sealed record Refusal(string? Reason, long Count);
}
