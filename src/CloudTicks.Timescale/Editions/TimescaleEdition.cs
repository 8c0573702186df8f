using Npgsql;

namespace CloudTicks.Timescale.Editions;

/// <summary>The version and license of the TimescaleDB extension in a database.</summary>
/// <param name="Server">The version of the PostgreSQL server.</param>
/// <param name="License">The setting <c>timescaledb.license</c>: <c>apache</c> or <c>timescale</c>.</param>
public sealed record TimescaleEdition(string Version, string License, string Server)
{
    /// <summary>Whether this is the Community edition, which has compression.</summary>
    public bool IsCommunity => License == "timescale";

    /// <summary>Whether this edition and version can compress chunks with the statements of this program.</summary>
    public bool HasCompression =>
        IsCommunity && System.Version.TryParse(Version.Split('-')[0], out var version) && version >= CompressionStatements.MinVersion;

    /// <summary>The name of the edition.</summary>
    public string Name => IsCommunity ? "community" : "apache";

    /// <summary>The edition, for the log.</summary>
    internal string Description => IsCommunity
        ? "the Community edition, which has compression"
        : "the Apache edition, which has no compression";

    internal static async Task<TimescaleEdition> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT extversion, coalesce(nullif(current_setting('timescaledb.license', true), ''), 'apache'),
                current_setting('server_version')
            FROM pg_extension WHERE extname = 'timescaledb'
            """,
            connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new TimescaleEdition(reader.GetString(0), reader.GetString(1), reader.GetString(2));
    }
}
