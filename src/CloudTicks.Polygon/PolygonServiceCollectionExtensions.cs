using CloudTicks.Polygon.Feeds;
using CloudTicks.Polygon.Hours;
using CloudTicks.Polygon.Requests;
using CloudTicks.Polygon.Rest;
using CloudTicks.Polygon.Sessions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace CloudTicks.Polygon;

/// <summary>Registers the services of the Polygon feed.</summary>
public static class PolygonServiceCollectionExtensions
{
    /// <summary>Adds the feeds, the REST client and the market hours, with <see cref="PolygonOptions"/> and the key.</summary>
    public static IServiceCollection AddPolygon(this IServiceCollection services)
    {
        services.AddMetrics();
        services.AddOptions<PolygonOptions>()
            .BindConfiguration("Polygon", binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PolygonOptions>, PolygonOptionsValidation>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => new PolygonApiKey(provider.GetRequiredService<IConfiguration>()));
        services.TryAddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptionsMonitor<PolygonOptions>>();
            var budget = new RequestBudget(options.CurrentValue.RateLimitPerSecond);
            options.OnChange(changed => budget.PerSecond = changed.RateLimitPerSecond);
            return budget;
        });
        services.TryAddSingleton<PolygonMetrics>();
        services.TryAddSingleton<ILearntLimits, LimitsInMemory>();
        services.TryAddSingleton<MarketFeedFactory>();
        services.TryAddSingleton<PolygonRestClient>();
        services.TryAddSingleton<MarketHours>();
        services.AddHostedService<MarketHoursRefresh>();
        return services;
    }
}
