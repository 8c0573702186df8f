using System.Diagnostics.Metrics;
using CloudTicks.CentralHub.Figures;
using CloudTicks.EventStream;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CloudTicks.Functions.Storing;

/// <summary>
/// Polls how many records of the archive are not stored yet, for the health check, the status, the metrics and the central hub.
/// </summary>
public sealed class ArchiveLag : BackgroundService, IServiceFigures
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(5);

    private readonly SchemaReadiness _schema;
    private readonly ArchiveStream _archive;
    private readonly TimeProvider _time;
    private readonly ILogger<ArchiveLag> _logger;
    private volatile object? _lag;
    private volatile object? _unpublished;

    /// <summary>Creates the gauge; polling starts with the host.</summary>
    /// <param name="schema">Waits until the database is ready.</param>
    public ArchiveLag(SchemaReadiness schema, ArchiveStream archive, IMeterFactory meters, TimeProvider time, ILogger<ArchiveLag> logger)
    {
        (_schema, _archive, _time, _logger) = (schema, archive, time, logger);
        meters.Create("CloudTicks.Functions").CreateObservableGauge(
            "cloudticks.store.lag", () => Records is { } lag ? [new Measurement<long>(lag)] : Array.Empty<Measurement<long>>(), "{record}",
            "Records of the archive that are waiting to be stored");
    }

    /// <summary>The number of records not stored yet, as of a few seconds ago; null while unknown.</summary>
    public long? Records => _lag as long?;

    /// <summary>
    /// The number of records that PublishTicks has not committed, as of a few seconds ago; null while unknown, and when its checkpoints are
    /// not in the event hub.
    /// </summary>
    public long? Unpublished => _unpublished as long?;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Read() =>
        Records is { } lag ? new Dictionary<string, double> { [ServiceFigure.LagRecords] = lag } : new Dictionary<string, double>();

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await _schema.WaitAsync(stoppingToken);
            try
            {
                (_lag, _unpublished) = await _archive.CountWaitingAsync(stoppingToken);
            }
            catch (Exception problem) when (problem is NpgsqlException or EventStreamException)
            {
                // An outdated number would hide that the lag is unknown.
                (_lag, _unpublished) = (null, null);
                _logger.LagUnknown(problem.Message);
            }

            await Task.Delay(PollInterval, _time, stoppingToken);
        }
    }
}
