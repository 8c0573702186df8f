using CloudTicks.Lake.Reading;
using CloudTicks.Timescale.Queries;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CloudTicks.History;

/// <summary>Registers the services of the history.</summary>
public static class HistoryServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="ITickHistory"/>, <see cref="LakeCoverage"/> and <see cref="TableBoundary"/>. The table's readers and options and
    /// <see cref="LakeReader"/> must already be registered.
    /// </summary>
    public static IServiceCollection AddTickHistory(this IServiceCollection services)
    {
        services.TryAddSingleton<TableBoundary>();
        services.TryAddSingleton<LakeCoverage>();
        services.TryAddSingleton<ITickHistory>(provider => new JoinedHistory(
            new TableHistory(
                provider.GetRequiredService<TickHistory>(), provider.GetRequiredService<CandleHistory>(),
                provider.GetRequiredService<TableStart>()),
            new LakeHistory(provider.GetRequiredService<LakeReader>()), provider.GetRequiredService<LakeCoverage>(),
            provider.GetRequiredService<TableBoundary>()));
        return services;
    }
}
