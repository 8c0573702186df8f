using Microsoft.Extensions.DependencyInjection;

namespace CloudTicks.Functions.Rollouts;

internal static class RolloutExtensions
{
    /// <summary>Adds what shows, changes and guards rollouts; the documents are not among it.</summary>
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
