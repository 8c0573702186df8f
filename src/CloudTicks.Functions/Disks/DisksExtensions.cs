using CloudTicks.CentralHub.Explaining;
using CloudTicks.Functions.Storing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CloudTicks.Functions.Disks;

internal static class DisksExtensions
{
    private const string Section = "Disks";

    /// <summary>Adds the disk watch, without starting it, and the disks whose readings come from the database.</summary>
    public static IServiceCollection AddDisks(this IServiceCollection services)
    {
        services.AddOptions<DiskOptions>().BindConfiguration(Section, binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateDataAnnotations().ValidateOnStart();
        services.ExplainSettings<DiskOptions>(Section);
        services.AddSingleton<IDiskSource, TableDisk>();
        services.AddSingleton<IDiskSource, SpoolDisk>();
        services.AddSingleton<DiskStates>();
        services.TryAddSingleton<SchemaReadiness>();
        services.AddSingleton<DiskWatch>();
        services.AddSingleton<DiskMetrics>();
        services.AddHealthChecks().AddCheck<DisksHealthCheck>("disks");
        return services;
    }

    /// <summary>Adds the archive's disk, and starts the watch.</summary>
    public static IServiceCollection AddDiskWatching(this IServiceCollection services)
    {
        services.AddSingleton<IDiskSource, ArchiveDisk>();
        services.AddHostedService(provider =>
        {
            // Create the instruments here, because no other class depends on them.
            provider.GetRequiredService<DiskMetrics>();
            return provider.GetRequiredService<DiskWatch>();
        });
        return services;
    }
}
