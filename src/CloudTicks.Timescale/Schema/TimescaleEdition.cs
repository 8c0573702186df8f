using Npgsql;

namespace CloudTicks.Timescale.Schema;

/// <summary>Which TimescaleDB the database has.</summary>
/// <param name="Version">The extension's version in this database.</param>
/// <param name="License">Its <c>timescaledb.license</c>: <c>apache</c> or <c>timescale</c>.</param>
/// <param name="Server">PostgreSQL's version.</param>
internal sealed record TimescaleEdition(string Version, string License, string Server)
{
    /// <summary>Whether it can compress chunks; that is the Community edition's alone.</summary>
    public bool HasCompression => License == "timescale";

    /// <summary>Its name, and what that means for ticks.</summary>
    public string Meaning => HasCompression
        ? "Community edition: it could compress chunks, which this program leaves off; chunks past the retention window are dropped by EnforceRetention"
        : "Apache edition: it has no compression, so that chunks stay as they are; chunks past the retention window are dropped by EnforceRetention";

    public static async Task<TimescaleEdition> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT extversion, coalesce(nullif(current_setting('timescaledb.license', true), ''), 'apache'), current_setting('server_version')
            FROM pg_extension WHERE extname = 'timescaledb'
            """,
            connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new TimescaleEdition(reader.GetString(0), reader.GetString(1), reader.GetString(2));
    }
}
