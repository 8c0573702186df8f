using CloudTicks.Timescale.Roles;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CloudTicks.Timescale.Queries;

/// <summary>Wiring of what reads the table for people and programs that look back.</summary>
public static class ReadingServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="ReadingDatabase"/>, and on it <see cref="TickHistory"/>, <see cref="PlacedTicks"/>, <see cref="GapHistory"/>,
    /// <see cref="CandleHistory"/>, <see cref="SymbolCounts"/>, <see cref="LatestTicks"/>, <see cref="OpeningTicks"/> and
    /// <see cref="TableBeginning"/>.
    /// </summary>
    /// <param name="connectionString">Npgsql's, of a database with the schema of this program.</param>
    public static IServiceCollection AddReading(this IServiceCollection services, string connectionString)
    {
        services.TryAddSingleton(_ => new ReadingDatabase(connectionString));
        return services.AddReading();
    }

    /// <summary>The same on a <see cref="ReadingDatabase"/> that is there.</summary>
    internal static IServiceCollection AddReading(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<TickHistory>();
        services.TryAddSingleton<PlacedTicks>();
        services.TryAddSingleton<GapHistory>();
        services.TryAddSingleton<CandleHistory>();
        services.TryAddSingleton<SymbolCounts>();
        services.TryAddSingleton<LatestTicks>();
        services.TryAddSingleton<OpeningTicks>();
        services.TryAddSingleton<TableBeginning>();
        return services;
    }
}
