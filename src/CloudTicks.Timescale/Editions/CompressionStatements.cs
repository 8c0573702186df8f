namespace CloudTicks.Timescale.Editions;

/// <summary>Every statement for the Community edition alone (tigerdata.com/docs, "Hypercore", TimescaleDB 2.18 and later).</summary>
internal static class CompressionStatements
{
    /// <summary>The oldest TimescaleDB with these names.</summary>
    public static readonly Version Oldest = new(2, 18);

    public const string IsOn =
        "SELECT compression_enabled FROM timescaledb_information.hypertables WHERE hypertable_schema = current_schema() AND "
            + "hypertable_name = 'market_ticks'";

    /// <summary>Segmented by symbol and ordered by time, with all columns of the unique index, so that one segment is searched.</summary>
    public const string TurnOn =
        "ALTER TABLE market_ticks SET (timescaledb.enable_columnstore = true, timescaledb.segmentby = 'symbol', timescaledb.orderby = "
            + "'timestamp_ms, tick_hash')";

    /// <summary>Compresses a chunk; of one that is compressed already, what was added to it since.</summary>
    public const string Compress = "CALL convert_to_columnstore($1::text::regclass)";

    /// <summary>
    /// What is added to a compressed chunk may unpack as much of it as is needed to look for repeats: with the limit that is set by default
    /// (100,000 rows a transaction) a partition that holds a long stretch of repeats would be refused for ever (53400). A setting that the
    /// server's TimescaleDB does not know is left alone; before the extension is created it is only noted.
    /// </summary>
    public const string UnpackAsMuchAsNeeded =
        $"""
        SELECT set_config('{UnpackLimit}', '0', false)
        WHERE current_setting('{UnpackLimit}', true) IS NOT NULL OR NOT EXISTS (SELECT FROM pg_extension WHERE extname = 'timescaledb')
        """;

    public const string UnpackLimit = "timescaledb.max_tuples_decompressed_per_dml_transaction";
}
