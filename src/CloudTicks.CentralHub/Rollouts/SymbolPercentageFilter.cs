using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.FeatureManagement;
using Microsoft.FeatureManagement.FeatureFilters;

namespace CloudTicks.CentralHub.Rollouts;

/// <summary>
/// Implements <c>Microsoft.Percentage</c> for symbols with a stable selection, like targeting. The library's filter selects at random at
/// each evaluation.
/// </summary>
[FilterAlias(SymbolFilters.Percentage)]
internal sealed class SymbolPercentageFilter(ContextualTargetingFilter targeting)
    : IContextualFeatureFilter<ITargetingContext>, IFilterParametersBinder
{
    public object BindParameters(IConfiguration filterParameters) =>
        double.TryParse(filterParameters["Value"], NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            && value is >= 0 and <= 100
            ? new TargetingFilterSettings { Audience = new Audience { DefaultRolloutPercentage = value } }
            : throw new ArgumentException($"{SymbolFilters.Percentage} needs a Value from 0 to 100.");

    public Task<bool> EvaluateAsync(FeatureFilterEvaluationContext featureFilterContext, ITargetingContext appContext) =>
        targeting.EvaluateAsync(featureFilterContext, appContext);
}
