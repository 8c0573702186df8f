using CloudTicks.CentralHub.Client;
using CloudTicks.EventStream;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CloudTicks.Functions.Storing;

/// <summary>Looks now and then how many records of the archive are not stored yet, and tells the central hub.</summary>
internal sealed class ArchiveLag(SchemaReadiness schema, ArchiveStream archive, TimeProvider time, ILogger<ArchiveLag> logger)
    : BackgroundService, IServiceFigures
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(5);

    private volatile object? _lag;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Read() =>
        _lag is long lag ? new Dictionary<string, double> { [ServiceFigure.LagRecords] = lag } : new Dictionary<string, double>();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await schema.WaitAsync(stoppingToken);
            try
            {
                _lag = await archive.CountUnstoredAsync(stoppingToken);
            }
            catch (Exception problem) when (problem is NpgsqlException or EventStreamException)
            {
                // An old figure would say that all is well when nobody knows.
                _lag = null;
                logger.LagNotKnown(problem.Message);
            }

            await Task.Delay(BetweenLooks, time, stoppingToken);
        }
    }
}
