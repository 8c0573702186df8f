using CloudTicks.CentralHub.Explaining;
using CloudTicks.Functions.Disks;
using CloudTicks.Lake;
using Microsoft.Extensions.DependencyInjection;

namespace CloudTicks.Functions.Lakes;

internal static class LakesExtensions
{
    /// <summary>Adds the lake, its health check and its disk.</summary>
    public static IServiceCollection AddLakeTicks(this IServiceCollection services)
    {
        services.AddLake();
        services.ExplainSettings<LakeOptions>(LakeOptions.Section);
        services.AddSingleton<IDiskSource, LakeDisk>();
        services.AddHealthChecks().AddCheck<LakeHealthCheck>("lake");
        return services;
    }
}
