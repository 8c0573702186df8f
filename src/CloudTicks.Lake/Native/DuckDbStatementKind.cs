namespace CloudTicks.Lake.Native;

/// <summary>
/// The kind of a statement. The values are those of <c>duckdb_statement_type</c>; all other kinds of statements change data or settings.
/// </summary>
public enum DuckDbStatementKind
{
    /// <summary>No statement.</summary>
    Invalid = 0,

    /// <summary>Reads rows.</summary>
    Select = 1,

    /// <summary>Shows the plan of a statement.</summary>
    Explain = 4,
}
