using CloudTicks.Timescale;
using CloudTicks.Timescale.Roles;
using Microsoft.Extensions.Options;
using Npgsql;

namespace CloudTicks.Functions.Disks;

/// <summary>
/// Reads the disk of the database. The database reports how much it uses. The free space follows from the disk's size if the options
/// contain it; otherwise it is read from the configured folder or the data folder, if this process can see that folder.
/// </summary>
internal sealed class TableDisk(ReadingDatabase database, IOptionsMonitor<DiskOptions> options, IOptionsMonitor<TimescaleOptions> table)
    : IDiskSource
{
    private const string Remedy = "Free space, or keep fewer days: cloudticks config set tick-functions retention_days=...";

    private const string SizesQuery =
        """
        SELECT pg_database_size(current_database()), max(range_end_integer) - min(range_start_integer),
            max(range_end_integer - range_start_integer)
        FROM timescaledb_information.chunks WHERE hypertable_schema = current_schema() AND hypertable_name = 'market_ticks'
        """;

    public async Task<IReadOnlyList<DiskReading>> ReadAsync(CancellationToken cancellationToken)
    {
        var reading = new DiskReading(DiskWatch.Table, "PostgreSQL", Remedy);
        try
        {
            await using var connection = await database.OpenAsync(cancellationToken);
            reading = reading with { Where = $"PostgreSQL at {connection.Host}:{connection.Port}" };
            reading = await WithSizesAsync(reading, connection, cancellationToken);
            return [await AddFreeSpaceAsync(reading, connection, cancellationToken)];
        }
        catch (PostgresException bare) when (bare.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InsufficientPrivilege)
        {
            return [reading with
            {
                Note = $"The database does not have the schema yet, or this program lacks rights on it ({bare.MessageText}). The "
                    + $"disk is checked once both are in place.",
            }];
        }
        catch (NpgsqlException exception)
        {
            return [reading with { Note = $"The database does not answer: {exception.Message}" }];
        }
    }

    private async Task<DiskReading> WithSizesAsync(DiskReading reading, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(SizesQuery, connection);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        reading = reading with { Bytes = row.GetInt64(0) };
        if (table.CurrentValue.RetentionWindow is not { } window || row.IsDBNull(1))
        {
            return reading;
        }

        // A new table grows until retention drops as much data as arrives.
        var remainingMs = (long)window.TotalMilliseconds + row.GetInt64(2) - row.GetInt64(1);
        return remainingMs > 0 ? reading with { GrowsFor = TimeSpan.FromMilliseconds(remainingMs) } : reading;
    }

    private async Task<DiskReading> AddFreeSpaceAsync(DiskReading reading, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var settings = options.CurrentValue;
        if (settings.TableBytes is { } total)
        {
            return reading with { FreeBytes = Math.Max(total - reading.Bytes!.Value, 0), TotalBytes = total };
        }

        var folder = settings.TableFolder ?? await DatabaseFolder.FindAsync(connection, cancellationToken);
        if (folder is null)
        {
            return reading with
            {
                Note = "The free space of its disk is not visible from here: set Disks__TableFolder to a folder on it, or "
                    + "Disks__TableBytes to its size.",
            };
        }

        try
        {
            var disk = new DriveInfo(folder);
            return reading with { FreeBytes = disk.AvailableFreeSpace, TotalBytes = disk.TotalSize };
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return reading with { Note = $"The free space of its disk is unknown: {problem.Message}" };
        }
    }
}
