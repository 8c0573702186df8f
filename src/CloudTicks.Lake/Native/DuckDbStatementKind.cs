namespace CloudTicks.Lake.Native;

/// <summary>
/// What a statement does. The numbers are those of <c>duckdb_statement_type</c>; those that are not named change something.
/// </summary>
public enum DuckDbStatementKind
{
    /// <summary>None.</summary>
    Invalid = 0,

    /// <summary>Reads.</summary>
    Select = 1,

    /// <summary>Shows how a statement would be run.</summary>
    Explain = 4,
}
