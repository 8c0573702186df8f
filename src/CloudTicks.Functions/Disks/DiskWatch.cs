using CloudTicks.Foundations;
using CloudTicks.Functions.Storing;
using CloudTicks.Timescale;
using CloudTicks.Timescale.Retention;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace CloudTicks.Functions.Disks;

/// <summary>
/// Polls the disks and warns early. If configured, drops the oldest chunk when the free space of the table's disk is critical.
/// </summary>
internal sealed class DiskWatch(
    IEnumerable<IDiskSource> sources, DiskStates states, IOptionsMonitor<DiskOptions> options, IOptionsMonitor<TimescaleOptions> table,
    TableRetention retention,
    SchemaReadiness schema, TimeProvider time, ILogger<DiskWatch> logger) : BackgroundService
{
    /// <summary>The name of the disk whose chunks may be dropped early.</summary>
    public const string Table = "table";

    private static readonly TimeSpan ReminderInterval = TimeSpan.FromHours(1);

    private readonly Dictionary<string, (DiskGrowth Pace, DiskLevel Level, OutageLog Shortage)> _trackedDisks = [];

    /// <summary>Polls the disks once. Not thread-safe.</summary>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        var diskStates = new List<DiskState>();
        foreach (var source in sources)
        {
            diskStates.AddRange((await source.ReadAsync(cancellationToken)).Select(StateOf));
        }

        states.All = diskStates;
        if (table.CurrentValue.DropEarlyWhenDiskCritical
            && diskStates.Find(state => state.Reading.Name == Table && state.HasCriticalFreeSpace) is { } full)
        {
            await DropEarlyAsync(full, cancellationToken);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            var wasReady = schema.IsReady;
            await CheckAsync(stoppingToken);
            await PauseAsync(wasReady, stoppingToken);
        }
    }

    /// <summary>
    /// Waits for the next poll. Without its schema the database reports little, so the next poll follows as soon as the schema exists.
    /// </summary>
    private async Task PauseAsync(bool wasReady, CancellationToken cancellationToken)
    {
        using var pauseCancellation = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var interval = Task.Delay(options.CurrentValue.Interval, time, pauseCancellation.Token);
        await (wasReady ? interval : Task.WhenAny(interval, schema.WaitAsync(pauseCancellation.Token)));
        await pauseCancellation.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }

    private DiskState StateOf(DiskReading reading)
    {
        var key = $"{reading.Name} {reading.Where}";
        var (pace, before, shortage) = _trackedDisks.TryGetValue(key, out var known) ? known
            : (new DiskGrowth(time), DiskLevel.Unknown, new OutageLog(time, ReminderInterval));
        var state = DiskState.Of(reading, pace.Add(reading), before, options.CurrentValue);
        if (state.Level > DiskLevel.Ok ? shortage.Failed(out _, isNewCause: state.Level != before) != OutageNotice.None
            : state.Level == DiskLevel.Ok && shortage.End(out _))
        {
            LogChange(state);
        }

        _trackedDisks[key] = (pace, state.Level == DiskLevel.Unknown ? before : state.Level, shortage);
        return state;
    }

    private void LogChange(DiskState state)
    {
        switch (state.Level)
        {
            case DiskLevel.Critical:
                logger.DiskCritical(state.Problem!);
                break;
            case DiskLevel.Warning:
                logger.DiskFillsUp(state.Problem!);
                break;
            default:
                logger.DiskHasRoom(state.Reading.Name, state.Reading.Where, new(state.Reading.FreeBytes ?? 0));
                break;
        }
    }

    private async Task DropEarlyAsync(DiskState full, CancellationToken cancellationToken)
    {
        try
        {
            await retention.DropOldestEarlyAsync(full.Problem!, cancellationToken);
        }
        catch (Exception problem) when (problem is NpgsqlException or TableRetentionBusyException)
        {
            logger.EarlyDropFailed(problem.Message);
        }
    }
}
