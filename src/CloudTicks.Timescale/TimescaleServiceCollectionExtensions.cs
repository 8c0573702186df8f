using CloudTicks.Timescale.Access;
using CloudTicks.Timescale.Configuration;
using CloudTicks.Timescale.Queries;
using CloudTicks.Timescale.Retention;
using CloudTicks.Timescale.Schema;
using CloudTicks.Timescale.Storing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;

namespace CloudTicks.Timescale;

/// <summary>Wiring of TimescaleDB.</summary>
public static class TimescaleServiceCollectionExtensions
{
    /// <summary>The name of the connection string.</summary>
    public const string ConnectionName = "timescale";

    /// <summary>
    /// Adds <see cref="NpgsqlDataSource"/> (from <c>ConnectionStrings:timescale</c>), <see cref="SchemaMigrator"/>,
    /// <see cref="TickStore"/>, <see cref="TickQueries"/>, what <see cref="ReadingServiceCollectionExtensions"/> adds,
    /// <see cref="TickRetention"/>, <see cref="AccessKeyTable"/>, <see cref="AuditLog"/>, the documents of the central hub (<see cref="ConfigStore"/>, <see cref="ConfigHistory"/>,
    /// <see cref="ConfigHeads"/>, <see cref="ServiceReports"/>, <see cref="RolloutBaselines"/>) and a health check named <c>timescale</c>.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">Where the connection string and the section <c>Timescale</c> stand.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="FormatException">The connection string is missing or wrong; the message says how to set it and holds no secret.</exception>
    public static IServiceCollection AddTimescale(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var settings = Parse(configuration.GetConnectionString(ConnectionName));
        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.AddOptions<TimescaleOptions>().BindConfiguration(TimescaleOptions.Section, binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(_ => NpgsqlDataSource.Create(settings));
        services.TryAddSingleton<TimescaleMetrics>();
        services.TryAddSingleton<SchemaMigrator>();
        services.TryAddSingleton<TickStore>();
        services.TryAddSingleton<TickQueries>();
        services.AddReading(settings.ConnectionString);
        services.TryAddSingleton<TickRetention>();
        services.TryAddSingleton<AccessKeyTable>();
        services.TryAddSingleton<AuditLog>();
        services.TryAddSingleton<ConfigHistory>();
        services.TryAddSingleton<ConfigStore>();
        services.TryAddSingleton<ConfigHeads>();
        services.TryAddSingleton<ServiceReports>();
        services.TryAddSingleton<RolloutBaselines>();
        services.AddHealthChecks().AddCheck<TimescaleHealthCheck>(ConnectionName);
        return services;
    }

    private static NpgsqlConnectionStringBuilder Parse(string? connectionString)
    {
        const string example = "for example Host=localhost;Port=5433;Database=cloudticks;Username=cloudticks;Password=...";
        if (string.IsNullOrWhiteSpace(connectionString))
        {
            throw new FormatException($"The connection string of TimescaleDB is missing: set ConnectionStrings__timescale, {example}.");
        }

        try
        {
            var settings = new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = "cloudticks" };
            return string.IsNullOrEmpty(settings.Host) || string.IsNullOrEmpty(settings.Database)
                ? throw new FormatException($"The connection string of TimescaleDB names no host or no database: set ConnectionStrings__timescale, {example}.")
                : settings;
        }
        catch (ArgumentException wrong)
        {
            // Npgsql's own message names the key at fault, which may be a piece of a password with a semicolon.
            throw new FormatException($"The connection string of TimescaleDB cannot be read: set ConnectionStrings__timescale, {example}.", wrong);
        }
    }
}
