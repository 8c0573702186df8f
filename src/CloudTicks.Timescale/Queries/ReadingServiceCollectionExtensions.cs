using CloudTicks.Timescale.Roles;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CloudTicks.Timescale.Queries;

/// <summary>Registers the queries of stored ticks.</summary>
public static class ReadingServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="ReadingDatabase"/> and the queries that use it: <see cref="TickHistory"/>, <see cref="OrderedTicks"/>,
    /// <see cref="GapHistory"/>, <see cref="CandleHistory"/>, <see cref="SymbolCounts"/>, <see cref="LatestTicks"/>,
    /// <see cref="OpeningTicks"/> and <see cref="TableStart"/>.
    /// </summary>
    /// <param name="connectionString">The Npgsql connection string of a migrated database.</param>
    public static IServiceCollection AddReading(this IServiceCollection services, string connectionString)
    {
        services.TryAddSingleton(_ => new ReadingDatabase(connectionString));
        return services.AddReading();
    }

    /// <summary>Adds the queries on a registered <see cref="ReadingDatabase"/>.</summary>
    internal static IServiceCollection AddReading(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<TickHistory>();
        services.TryAddSingleton<OrderedTicks>();
        services.TryAddSingleton<GapHistory>();
        services.TryAddSingleton<CandleHistory>();
        services.TryAddSingleton<SymbolCounts>();
        services.TryAddSingleton<LatestTicks>();
        services.TryAddSingleton<OpeningTicks>();
        services.TryAddSingleton<TableStart>();
        return services;
    }
}
