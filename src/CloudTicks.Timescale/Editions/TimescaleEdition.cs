using Npgsql;

namespace CloudTicks.Timescale.Editions;

/// <summary>Which TimescaleDB the database has.</summary>
/// <param name="License">Its <c>timescaledb.license</c>: <c>apache</c> or <c>timescale</c>.</param>
public sealed record TimescaleEdition(string Version, string License, string Server)
{
    /// <summary>Whether it is the Community edition, the one with compression.</summary>
    public bool IsCommunity => License == "timescale";

    /// <summary>Whether it can compress chunks by the statements of this program.</summary>
    public bool HasCompression =>
        IsCommunity && System.Version.TryParse(Version.Split('-')[0], out var version) && version >= CompressionStatements.Oldest;

    /// <summary>What it is called.</summary>
    public string Name => IsCommunity ? "community" : "apache";

    /// <summary>What it is, and what that means for ticks.</summary>
    internal string Meaning => (IsCommunity
        ? "Community edition: it has compression, which EnforceRetention uses on chunks older than Timescale:CompressAfter"
        : "Apache edition: it has no compression, so that chunks stay as they are")
        + "; chunks past the retention window are dropped by EnforceRetention";

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
