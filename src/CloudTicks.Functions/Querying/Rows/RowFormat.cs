namespace CloudTicks.Functions.Querying.Rows;

internal enum RowFormat
{
    /// <summary>One array.</summary>
    Json,

    /// <summary>One object a line.</summary>
    NdJson,

    /// <summary>One line a row behind a line of names, as RFC 4180 has it.</summary>
    Csv,
}
