namespace CloudTicks.Lake.Native;

/// <summary>
/// The kind of a statement. The values are those of <c>duckdb_statement_type</c>; every kind that is not listed here changes something.
/// </summary>
public enum DuckDbStatementKind
{
    /// <summary>None.</summary>
    Invalid = 0,

    /// <summary>Reads rows.</summary>
    Select = 1,

    /// <summary>Shows the plan of a statement.</summary>
    Explain = 4,
}
