using CloudTicks.Functions.Disks;
using Microsoft.Extensions.DependencyInjection;

namespace CloudTicks.Functions.Retaining;

internal static class TableRetentionExtensions
{
    /// <summary>Adds table retention with its health check, and the disk watch without starting it.</summary>
    public static IServiceCollection AddTableRetention(this IServiceCollection services)
    {
        services.AddDisks();
        services.AddSingleton<TableRetentionHandler>();
        services.AddHealthChecks().AddCheck<TableRetentionHealthCheck>("retention");
        return services;
    }
}
