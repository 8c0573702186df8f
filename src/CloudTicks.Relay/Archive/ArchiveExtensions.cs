using CloudTicks.Lake;

namespace CloudTicks.Relay.Archive;

internal static class ArchiveExtensions
{
    /// <summary>Adds the archive's tail, the live channels, catch-up, and the lake from which catch-up reads.</summary>
    public static IServiceCollection AddArchive(this IServiceCollection services)
    {
        services.AddSingleton<ArchiveMetrics>().AddSingleton<ArchiveFaults>().AddSingleton<LiveChannels>().AddSingleton<CatchUp>();
        services.AddLakeReading().AddSingleton<LakeCatchUp>();
        services.AddSingleton<TailPositions>().AddSingleton<TailReadiness>().AddSingleton<TailOutage>().AddSingleton<EventDelivery>();
        services.AddSingleton<TailInitializer>().AddSingleton<TailWatch>();
        services.AddSingleton<ArchiveTail>().AddHostedService(provider => provider.GetRequiredService<ArchiveTail>());
        services.AddHealthChecks().AddCheck<ArchiveHealthCheck>("archive");
        return services;
    }
}
