namespace CloudTicks.Lake.Native;

/// <summary>
/// The kind of a statement, with the values of <c>duckdb_statement_type</c>. Kinds without a name here may change data or settings.
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
