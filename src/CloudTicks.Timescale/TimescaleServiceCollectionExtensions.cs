using CloudTicks.Timescale.Compression;
using CloudTicks.Timescale.Queries;
using CloudTicks.Timescale.Retention;
using CloudTicks.Timescale.Roles;
using CloudTicks.Timescale.Schema;
using CloudTicks.Timescale.Storing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;

namespace CloudTicks.Timescale;

/// <summary>Registers the TimescaleDB services.</summary>
public static class TimescaleServiceCollectionExtensions
{
    /// <summary>The name of the connection string.</summary>
    public const string ConnectionName = DatabaseConnections.Name;

    /// <summary>
    /// Adds <see cref="DatabaseSources"/> (from <c>ConnectionStrings:timescale</c>, and <c>timescale_owner</c> and <c>timescale_reader</c>
    /// for separate logins), an <see cref="NpgsqlDataSource"/> in the role of the writer, another in the role of the owner with the key
    /// <see cref="DatabaseRole.Owner"/>, <see cref="SchemaMigrator"/>, <see cref="TickStore"/>, <see cref="TickQueries"/>, the services of
    /// <see cref="ReadingServiceCollectionExtensions"/>, <see cref="TableRetention"/>, <see cref="TickCompression"/> and a health check
    /// named <c>timescale</c>.
    /// </summary>
    /// <param name="configuration">The source of the connection string and of the section <c>Timescale</c>.</param>
    /// <exception cref="FormatException">
    /// A connection string is missing or invalid, or two of them name different databases. The message says what to set and contains no
    /// secret.
    /// </exception>
    public static IServiceCollection AddTimescale(this IServiceCollection services, IConfiguration configuration)
    {
        var connections = DatabaseConnections.Parse(configuration.GetConnectionString);
        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.AddOptions<TimescaleOptions>()
            .BindConfiguration(TimescaleOptions.Section, binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(_ => new DatabaseSources(connections));
        services.TryAddSingleton(provider => provider.GetRequiredService<DatabaseSources>().Writer);
        services.TryAddKeyedSingleton(DatabaseRole.Owner, (provider, _) => provider.GetRequiredService<DatabaseSources>().Owner);
        services.TryAddSingleton(provider => provider.GetRequiredService<DatabaseSources>().Reader);
        services.TryAddSingleton<TimescaleMetrics>();
        services.TryAddSingleton<SchemaMigrator>();
        services.TryAddSingleton<TickStore>();
        services.TryAddSingleton<TickQueries>();
        services.AddReading();
        services.TryAddSingleton<TableRetention>();
        services.TryAddSingleton<TickCompression>();
        services.AddHealthChecks().AddCheck<TimescaleHealthCheck>(ConnectionName);
        return services;
    }
}
