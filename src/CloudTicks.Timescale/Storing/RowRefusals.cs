namespace CloudTicks.Timescale.Storing;

internal readonly record struct RowRefusal(int Index, string Reason)
{
    public static RowRefusal Of(int index, string sqlState, string message, string? table) =>
        new(index, $"is refused by the database ({sqlState}: {TextOf(message, table)})");

    /// <summary>Returns the database's message, in which the table's name replaces that of a temporary chunk.</summary>
    private static string TextOf(string message, string? table) =>
        table?.EndsWith("_chunk", StringComparison.Ordinal) == true
            ? message.Replace(table, MarketTicksTable.Name, StringComparison.Ordinal) : message;
}

/// <summary>The database refuses some rows or gaps of a write, for example because of an added constraint. Nothing was written.</summary>
internal sealed class RowsRefusedException(IReadOnlyList<RowRefusal> rows, IReadOnlyList<RowRefusal> gaps, Exception innerException)
    : Exception($"The database refuses {rows.Count} rows and {gaps.Count} gaps.", innerException)
{
    public IReadOnlyList<RowRefusal> Rows => rows;

    public IReadOnlyList<RowRefusal> Gaps => gaps;
}
