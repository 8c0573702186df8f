using Microsoft.Extensions.DependencyInjection;

namespace CloudTicks.Functions.Rollouts;

internal static class RolloutExtensions
{
    /// <summary>Adds the handlers and guards of rollouts; the caller adds the documents.</summary>
    public static IServiceCollection AddRollouts(this IServiceCollection services)
    {
        services.AddSingleton<RolloutMetrics>();
        services.AddSingleton<RolloutServices>();
        services.AddSingleton<RolloutSteps>();
        services.AddSingleton<RolloutView>();
        services.AddSingleton<RolloutHandler>();
        services.AddSingleton<RolloutGuards>();
        return services;
    }
}
