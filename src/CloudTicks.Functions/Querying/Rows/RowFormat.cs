namespace CloudTicks.Functions.Querying.Rows;

internal enum RowFormat
{
    /// <summary>One array.</summary>
    Json,

    /// <summary>One object per line.</summary>
    NdJson,

    /// <summary>A header line and one line per row (RFC 4180).</summary>
    Csv,
}
