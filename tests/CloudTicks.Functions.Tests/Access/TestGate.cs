using CloudTicks.CentralHub.Store.Access;
using CloudTicks.Functions.Access;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CloudTicks.Functions.Tests.Access;

/// <summary>The gate of an app that a test serves by itself.</summary>
internal static class TestGate
{
    /// <summary>Nothing listens there: no key can be looked up.</summary>
    private const string NoDatabase = "Host=127.0.0.1;Port=1;Database=none";

    /// <summary>Adds it, over a database, or over one that is away.</summary>
    public static IServiceCollection AddTestGate(
        this IServiceCollection services, NpgsqlDataSource? database = null, TimeProvider? time = null)
    {
        // One that is handed over is not the container's to dispose of; one that it makes is.
        _ = database is null ? services.AddSingleton(_ => NpgsqlDataSource.Create(NoDatabase)) : services.AddSingleton(database);
        return services.AddSingleton(time ?? TimeProvider.System).AddSingleton<AccessKeyTable>().AddSingleton<AuditLog>().AddGate();
    }
}
