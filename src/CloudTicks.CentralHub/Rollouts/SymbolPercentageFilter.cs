using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.FeatureManagement;
using Microsoft.FeatureManagement.FeatureFilters;

namespace CloudTicks.CentralHub.Rollouts;

/// <summary>
/// The filter <c>Microsoft.Percentage</c> for symbols: it chooses as targeting does, so that a symbol that is on stays on. The library's
/// own throws dice at each question, and would subscribe and unsubscribe without end.
/// </summary>
[FilterAlias(SymbolFilters.Percentage)]
internal sealed class SymbolPercentageFilter(ContextualTargetingFilter targeting)
    : IContextualFeatureFilter<ITargetingContext>, IFilterParametersBinder
{
    /// <inheritdoc/>
    public object BindParameters(IConfiguration filterParameters) =>
        double.TryParse(filterParameters["Value"], NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            && value is >= 0 and <= 100
            ? new TargetingFilterSettings { Audience = new Audience { DefaultRolloutPercentage = value } }
            : throw new ArgumentException($"{SymbolFilters.Percentage} has a Value from 0 to 100.");

    /// <inheritdoc/>
    public Task<bool> EvaluateAsync(FeatureFilterEvaluationContext featureFilterContext, ITargetingContext appContext) =>
        targeting.EvaluateAsync(featureFilterContext, appContext);
}
