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
/// The archive and the table of simulated ticks, those that lie in the data folder. Both lose the same time, a chunk of the table by one;
/// what the functions have not committed stays in the archive.
/// </summary>
internal sealed class SimulatedData : IAsyncDisposable
{
    /// <summary>A tenth of what an hour's chunk is: at high rates one chunk must be small beside the bound.</summary>
    private static readonly TimeSpan ChunkLength = TimeSpan.FromMinutes(6);

    /// <summary>A record may have been written so long before the time of its ticks, by clocks that differ.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

    private readonly NpgsqlDataSource _database;
    private readonly TimeProvider _time;
    private readonly OldestChunk _chunk;
    private readonly string? _hubFolder;
    private readonly StreamPositions? _positions;
    private readonly TopicBeginning? _beginning;
    private readonly string[] _groups;
    private readonly FolderBound _bound;

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
            _beginning = new TopicBeginning(connection, _positions, NullLogger<TopicBeginning>.Instance);
        }

        _bound = new FolderBound(
            environment.Folder(""), environment.Options.Lake ? environment.LakeFolder : null, maxBytes, DropOldestAsync,
            environment.Lines, environment.Time);
    }

    /// <summary>Says how much the folder keeps. A database of the user's own is the user's: nothing is bound then.</summary>
    public static SimulatedData? Of(DistributedApplicationBuilder builder, LocalEnvironment environment)
    {
        var (folder, max) = (environment.Folder(""), environment.Options.MaxDisk ?? DataSize.DefaultMaxDisk);
        if (builder.Resources.OfType<PostgresDatabaseResource>().FirstOrDefault() is not { } database)
        {
            return null;
        }

        environment.Lines.Write("run", environment.Options.HasEnd
            ? $"before a run with a proof, {folder} is brought to {new ByteSize(max)} (--max-disk); the run itself keeps everything"
            : $"{folder} keeps the newest simulated ticks that fit in {new ByteSize(max)} (--max-disk), the oldest go first"
                + (environment.Options.Lake ? "; the lake counts too, and keeps everything" : ""));
        return new SimulatedData(database, builder.Resources.OfType<AzureEventHubsResource>().FirstOrDefault(), max, environment);
    }

    /// <summary>Drops what is too much before the services start. The table is made here, so that its first chunk is short.</summary>
    /// <exception cref="LocalRunException">The table cannot be made, or is that of a newer version.</exception>
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
        await _bound.LookAsync(cancellationToken);
    }

    /// <summary>Drops what becomes too much, until it is cancelled.</summary>
    public Task KeepAsync(CancellationToken cancellationToken) => _bound.KeepAsync(cancellationToken);

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
        if (_beginning is not null)
        {
            // The archive keeps a little more than the table: what the table has, the archive has.
            var share = await _beginning.MoveAsync(
                TopicNames.TickArchive, _groups, chunk.ToMs - (long)Margin.TotalMilliseconds, cancellationToken);
            bytes += (long)(share * FolderBound.SizeOf(_hubFolder!));
        }

        return new DroppedTicks(DateTimeOffset.FromUnixTimeMilliseconds(chunk.ToMs), bytes);
    }
}
