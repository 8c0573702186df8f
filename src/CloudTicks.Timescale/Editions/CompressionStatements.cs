namespace CloudTicks.Timescale.Editions;

/// <summary>Statements about compression, which only the Community edition has (tigerdata.com/docs, "Hypercore").</summary>
internal static class CompressionStatements
{
    /// <summary>The earliest version of TimescaleDB that has these statements.</summary>
    public static readonly Version MinVersion = new(2, 18);

    public const string IsEnabledQuery =
        "SELECT compression_enabled FROM timescaledb_information.hypertables WHERE hypertable_schema = current_schema() AND "
            + "hypertable_name = 'market_ticks'";

    /// <summary>
    /// Enables compression, segmented by symbol and ordered by time. Segmentation and order together cover all columns of the unique index,
    /// so that a duplicate check searches only one segment.
    /// </summary>
    public const string Enable =
        "ALTER TABLE market_ticks SET (timescaledb.enable_columnstore = true, timescaledb.segmentby = 'symbol', timescaledb.orderby = "
            + "'timestamp_ms, tick_hash')";

    /// <summary>Compresses a chunk, or the rows added to a compressed chunk.</summary>
    public const string Compress = "CALL convert_to_columnstore($1::text::regclass)";

    /// <summary>
    /// Removes the limit on decompressed rows. An insert into a compressed chunk decompresses rows to find duplicates. With the default
    /// limit (100,000 rows per transaction) the server would always refuse (53400) a transaction with many repeated ticks. A version
    /// without this setting would refuse to set it, so the statement does nothing there. Before the extension exists, PostgreSQL accepts
    /// any setting.
    /// </summary>
    public const string RemoveUnpackLimit =
        $"""
        SELECT set_config('{UnpackLimit}', '0', false)
        WHERE current_setting('{UnpackLimit}', true) IS NOT NULL OR NOT EXISTS (SELECT FROM pg_extension WHERE extname = 'timescaledb')
        """;

    public const string UnpackLimit = "timescaledb.max_tuples_decompressed_per_dml_transaction";
}
