using System.Globalization;
using System.Net;
using Npgsql;

namespace CloudTicks.Functions.Disks;

/// <summary>Finds the data folder of a database server that runs on this machine.</summary>
internal static class DatabaseFolder
{
    private const string Query =
        """
        SELECT CASE WHEN pg_has_role('pg_read_all_settings', 'USAGE') THEN current_setting('data_directory') END,
            extract(epoch FROM pg_postmaster_start_time())::bigint
        """;

    /// <summary>The tolerance for comparing start times: the server's file and the query report slightly different times.</summary>
    private const long StartToleranceSeconds = 10;

    private const int StartLine = 2;

    /// <returns>The folder; null when the server is remote, in a container, or does not report it to this login.</returns>
    /// <exception cref="NpgsqlException">The database does not answer.</exception>
    public static async Task<string?> FindAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (!IsLocal(connection.Host))
        {
            return null;
        }

        // The reader's role may not query the folder, but the login itself may.
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var command = new NpgsqlCommand($"SET LOCAL ROLE NONE; {Query}", connection);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) && !row.IsDBNull(0) && BelongsTo(row.GetString(0), row.GetInt64(1))
            ? row.GetString(0)
            : null;
    }

    private static bool IsLocal(string? host) =>
        string.IsNullOrEmpty(host) || host.StartsWith('/') || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    /// <summary>
    /// Returns whether the folder belongs to the connected server: a local port may be forwarded to a container, which has a different
    /// folder.
    /// </summary>
    private static bool BelongsTo(string folder, long startedSeconds)
    {
        try
        {
            var startTimeText = File.ReadLines(Path.Combine(folder, "postmaster.pid")).ElementAtOrDefault(StartLine);
            return long.TryParse(startTimeText, NumberStyles.None, CultureInfo.InvariantCulture, out var folderStartedSeconds)
                && Math.Abs(folderStartedSeconds - startedSeconds) <= StartToleranceSeconds;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
