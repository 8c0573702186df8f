using CloudTicks.CentralHub.Documents;
using CloudTicks.ServiceDocuments;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CloudTicks.Functions.Configuring;

internal static class DocumentsExtensions
{
    /// <summary>Adds the handlers for the documents of a <see cref="DocumentCatalog"/>; the caller adds the database and NATS.</summary>
    public static IServiceCollection AddDocuments(this IServiceCollection services)
    {
        services.TryAddSingleton(KnownServices.Documents);
        services.AddSingleton<DocumentDefaults>();
        services.AddSingleton<HubLists>();
        services.AddSingleton<ConfigMetrics>();
        services.AddSingleton<DocumentSignals>();
        services.AddSingleton<HubServices>();
        services.AddSingleton<DocumentReader>();
        services.AddSingleton<ChangeAnnouncements>();
        services.AddSingleton<DocumentChanges>();
        services.AddSingleton<DocumentPolls>();
        services.AddSingleton<DatabaseGuard>();
        services.AddSingleton<DocumentHandler>();
        services.AddSingleton<ChangeHandler>();
        services.AddSingleton<InstanceHandler>();
        services.AddSingleton<ServiceHandler>();
        services.AddHostedService<DefaultsCheck>();
        services.AddHostedService<DocumentWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<ChangeAnnouncements>());
        return services;
    }
}
