using CloudTicks.CentralHub.Explaining;
using CloudTicks.Functions.Storing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CloudTicks.Functions.Disks;

internal static class DisksExtensions
{
    private const string Section = "Disks";

    /// <summary>Adds the watch of the disks, which somebody has to start, and those that the database knows of.</summary>
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

    /// <summary>Adds the archive's disk, and looks at all of them from the start on.</summary>
    public static IServiceCollection AddDiskWatching(this IServiceCollection services)
    {
        services.AddSingleton<IDiskSource, ArchiveDisk>();
        services.AddHostedService(provider =>
        {
            // Nobody asks for the meters.
            provider.GetRequiredService<DiskMetrics>();
            return provider.GetRequiredService<DiskWatch>();
        });
        return services;
    }
}
