using CloudTicks.Functions.Disks;
using Microsoft.Extensions.DependencyInjection;

namespace CloudTicks.Functions.Retaining;

internal static class RetainingExtensions
{
    /// <summary>Adds table retention with its health check, and the disk watch without starting it.</summary>
    public static IServiceCollection AddRetaining(this IServiceCollection services)
    {
        services.AddDisks();
        services.AddSingleton<TableRetentionHandler>();
        services.AddHealthChecks().AddCheck<TableRetentionHealthCheck>("retention");
        return services;
    }
}
