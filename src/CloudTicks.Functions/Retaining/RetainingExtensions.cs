using CloudTicks.Functions.Disks;
using Microsoft.Extensions.DependencyInjection;

namespace CloudTicks.Functions.Retaining;

internal static class RetainingExtensions
{
    /// <summary>Adds what shows and runs the retention of the table, and the disks.</summary>
    public static IServiceCollection AddRetaining(this IServiceCollection services)
    {
        services.AddDisks();
        services.AddSingleton<TableRetentionHandler>();
        services.AddHealthChecks().AddCheck<TableRetentionHealthCheck>("retention");
        return services;
    }
}
