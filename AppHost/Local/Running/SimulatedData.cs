using CloudTicks.AppHost.Local.CommandLine;
using CloudTicks.EventStream;
using CloudTicks.EventStream.Topics;
using CloudTicks.Foundations;
using CloudTicks.Timescale.Retention;
using CloudTicks.Timescale.Roles;
using CloudTicks.Timescale.Schema;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace CloudTicks.AppHost.Local.Running;

/// <summary>
/// The archive and table of simulated ticks in the data folder. Both drop their oldest ticks, one table chunk at a time; records that the
/// functions have not committed stay in the archive.
/// </summary>
internal sealed class SimulatedData : IAsyncDisposable
{
    /// <summary>A tenth of the usual hourly chunk: at high rates one chunk must be small compared to the size limit.</summary>
    private static readonly TimeSpan ChunkLength = TimeSpan.FromMinutes(6);

    /// <summary>A record may be written this long before the timestamps of its ticks, because clocks differ.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

    private readonly NpgsqlDataSource _database;
    private readonly TimeProvider _time;
    private readonly OldestChunk _chunk;
    private readonly string? _hubFolder;
    private readonly StreamPositions? _positions;
    private readonly TopicTrimmer? _topicTrimmer;
    private readonly string[] _groups;
    private readonly FolderSizeLimit _sizeLimit;

    private SimulatedData(PostgresDatabaseResource database, AzureEventHubsResource? hub, long maxBytes, LocalEnvironment environment)
    {
        _database = RoleSource.Create(database.ConnectionString, DatabaseRole.Owner);
        _time = environment.Time;
        _groups = environment.Options.Lake
            ? [ConsumerGroups.Timescale, ConsumerGroups.Nats, ConsumerGroups.Lake]
            : [ConsumerGroups.Timescale, ConsumerGroups.Nats];
        _chunk = new OldestChunk(_database, _time);
        if (hub is not null)
        {
            var connection = EventStreamConnection.Parse(hub.ConnectionString);
            _hubFolder = environment.Folder(hub.Name);
            _positions = new StreamPositions(connection, _time, NullLogger<StreamPositions>.Instance);
            _topicTrimmer = new TopicTrimmer(connection, _positions, NullLogger<TopicTrimmer>.Instance);
        }

        _sizeLimit = new FolderSizeLimit(
            environment.Folder(""), environment.Options.Lake ? environment.LakeFolder : null, maxBytes, DropOldestAsync,
            environment.Lines, environment.Time);
    }

    /// <summary>
    /// Creates an instance for a run, and logs how much the folder may hold; null for an external database, which is never trimmed.
    /// </summary>
    public static SimulatedData? Of(DistributedApplicationBuilder builder, LocalEnvironment environment)
    {
        var (folder, max) = (environment.Folder(""), environment.Options.MaxDisk ?? DataSize.DefaultMaxDisk);
        if (builder.Resources.OfType<PostgresDatabaseResource>().FirstOrDefault() is not { } database)
        {
            return null;
        }

        environment.Lines.Write("run", environment.Options.HasEnd
            ? $"{folder} is trimmed to {new ByteSize(max)} (--max-disk) now; the run itself drops no tick, because it checks them all"
            : $"{folder} keeps the newest simulated ticks that fit in {new ByteSize(max)} (--max-disk); the oldest are dropped first"
                + (environment.Options.Lake ? "; the lake counts towards the limit, but is never trimmed" : ""));
        return new SimulatedData(database, builder.Resources.OfType<AzureEventHubsResource>().FirstOrDefault(), max, environment);
    }

    /// <summary>
    /// Drops the oldest ticks above the limit before the services start. Creates the table here, so that its first chunk is short.
    /// </summary>
    /// <exception cref="LocalRunException">The table cannot be created, or has the schema of a newer version.</exception>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        try
        {
            await new SchemaMigrator(_database, _time, NullLogger<SchemaMigrator>.Instance).MigrateAsync(cancellationToken);
        }
        catch (SchemaException refused)
        {
            throw new LocalRunException(refused.Message);
        }

        await _chunk.SetLengthAsync(ChunkLength, cancellationToken);
        await _sizeLimit.CheckAsync(cancellationToken);
    }

    /// <summary>Drops the oldest ticks whenever the limit is exceeded, until cancelled.</summary>
    public Task EnforceAsync(CancellationToken cancellationToken) => _sizeLimit.EnforceAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        _positions?.Dispose();
        await _database.DisposeAsync();
    }

    private async Task<DroppedTicks?> DropOldestAsync(CancellationToken cancellationToken)
    {
        if (await _chunk.DropAsync(cancellationToken) is not { } chunk)
        {
            return null;
        }

        var bytes = chunk.Bytes;
        if (_topicTrimmer is not null)
        {
            // The archive keeps slightly more than the table, so that every row of the table is in the archive.
            var share = await _topicTrimmer.TrimAsync(
                TopicNames.TickArchive, _groups, chunk.ToMs - (long)Margin.TotalMilliseconds, cancellationToken);
            bytes += (long)(share * FolderSizeLimit.SizeOf(_hubFolder!));
        }

        return new DroppedTicks(DateTimeOffset.FromUnixTimeMilliseconds(chunk.ToMs), bytes);
    }
}
