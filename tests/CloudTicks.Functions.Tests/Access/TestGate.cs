using CloudTicks.CentralHub.Store.Access;
using CloudTicks.Functions.Access;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CloudTicks.Functions.Tests.Access;

/// <summary>Adds the gate to an app that a test serves itself.</summary>
internal static class TestGate
{
    /// <summary>A database on a port where nothing listens, so that no key can be looked up.</summary>
    private const string NoDatabase = "Host=127.0.0.1;Port=1;Database=none";

    /// <summary>Adds the gate, with the given database, or with an unavailable database if none is given.</summary>
    public static IServiceCollection AddTestGate(
        this IServiceCollection services, NpgsqlDataSource? database = null, TimeProvider? time = null)
    {
        // The DI container disposes of a database that it creates, but not of one that it is given.
        _ = database is null ? services.AddSingleton(_ => NpgsqlDataSource.Create(NoDatabase)) : services.AddSingleton(database);
        return services.AddSingleton(time ?? TimeProvider.System).AddSingleton<AccessKeyTable>().AddSingleton<AuditLog>().AddGate();
    }
}
