using Microsoft.Extensions.DependencyInjection;

namespace CloudTicks.Functions.Configuring;

internal static class ConfiguringExtensions
{
    /// <summary>Adds what serves documents; the database and NATS are not among it.</summary>
    public static IServiceCollection AddConfiguring(this IServiceCollection services)
    {
        services.AddSingleton<DocumentDefaults>();
        services.AddSingleton<HubLists>();
        services.AddSingleton<ConfigMetrics>();
        services.AddSingleton<DocumentSignals>();
        services.AddSingleton<DocumentReader>();
        services.AddSingleton<ChangeAnnouncements>();
        services.AddSingleton<DocumentChanges>();
        services.AddSingleton<DocumentPolls>();
        services.AddSingleton<DatabaseGuard>();
        services.AddSingleton<ReadingHandler>();
        services.AddSingleton<ChangeHandler>();
        services.AddSingleton<InstanceHandler>();
        services.AddHostedService<DefaultsCheck>();
        services.AddHostedService<DocumentWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<ChangeAnnouncements>());
        return services;
    }
}
