using CloudTicks.CentralHub.Store.Access;
using CloudTicks.CentralHub.Store.Documents;
using CloudTicks.CentralHub.Store.Reports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;

namespace CloudTicks.CentralHub.Store;

/// <summary>Registers the central hub's tables.</summary>
public static class CentralHubStoreExtensions
{
    /// <summary>
    /// Adds the documents (<see cref="ConfigStore"/>, <see cref="ConfigHistory"/>, <see cref="ConfigHeads"/>), the
    /// registered services (<see cref="ServiceTable"/>), the services' reports
    /// (<see cref="ServiceReports"/>, <see cref="RolloutBaselines"/>), the keys (<see cref="AccessKeyTable"/>) and the
    /// <see cref="AuditLog"/>. They use the registered <see cref="NpgsqlDataSource"/>.
    /// </summary>
    public static IServiceCollection AddCentralHubStore(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<AccessKeyTable>();
        services.TryAddSingleton<AuditLog>();
        services.TryAddSingleton<ConfigHistory>();
        services.TryAddSingleton<ConfigStore>();
        services.TryAddSingleton<ServiceTable>();
        services.TryAddSingleton<ConfigHeads>();
        services.TryAddSingleton<ServiceReports>();
        services.TryAddSingleton<RolloutBaselines>();
        return services;
    }
}
