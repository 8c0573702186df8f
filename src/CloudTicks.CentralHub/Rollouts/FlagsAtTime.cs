using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.FeatureManagement;
using Microsoft.FeatureManagement.FeatureFilters;

namespace CloudTicks.CentralHub.Rollouts;

/// <summary>Evaluates the flags of one document at a fixed time with the library's feature manager.</summary>
internal sealed class FlagsAtTime : IDisposable
{
    private readonly ConfigurationFeatureDefinitionProvider _definitions;
    private readonly MemoryCache _parameterCache = new(new MemoryCacheOptions());
    private readonly FeatureManager _manager;

    public FlagsAtTime(ConfigurationFeatureDefinitionProvider definitions, DateTimeOffset now)
    {
        _definitions = definitions;
        var targetingFilter = new ContextualTargetingFilter(Options.Create(new TargetingEvaluationOptions()), NullLoggerFactory.Instance);
        _manager = new FeatureManager(definitions, new FeatureManagementOptions { IgnoreMissingFeatures = false })
        {
            // Without this cache, the library would parse the parameters for each symbol.
            Cache = _parameterCache,
            FeatureFilters =
            [
                targetingFilter, new SymbolPercentageFilter(targetingFilter), new TimeWindowFilter(NullLoggerFactory.Instance)
                {
                    SystemClock = new FixedClock(now),
                },
            ],
        };
    }

    /// <summary>Returns whether a flag is on for a symbol or another user.</summary>
    /// <exception cref="FormatException">The flag cannot be evaluated.</exception>
    public async ValueTask<bool> IsOnAsync(string flag, TargetingContext symbol, CancellationToken cancellationToken)
    {
        try
        {
            return await _manager.IsEnabledAsync(flag, symbol, cancellationToken);
        }
        catch (Exception exception) when (exception is FeatureManagementException or ArgumentException or InvalidOperationException)
        {
            throw new FormatException($"The feature flag '{flag}' cannot be evaluated: {exception.Message}", exception);
        }
    }

    public void Dispose()
    {
        _parameterCache.Dispose();
        _definitions.Dispose();
    }

    private sealed class FixedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
