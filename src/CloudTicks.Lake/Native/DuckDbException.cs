namespace CloudTicks.Lake.Native;

/// <summary>DuckDB refused a call or failed. In most cases the message is DuckDB's.</summary>
public sealed class DuckDbException : Exception
{
    internal DuckDbException(string? message, DuckDbErrorKind kind = DuckDbErrorKind.Other)
        : base(string.IsNullOrWhiteSpace(message) ? "DuckDB failed without an error message." : message) => Kind = kind;

    /// <summary>The kind of failure.</summary>
    public DuckDbErrorKind Kind { get; }
}

/// <summary>The kinds of failures that callers distinguish.</summary>
public enum DuckDbErrorKind
{
    /// <summary>Any other failure.</summary>
    Other,

    /// <summary>The query was interrupted.</summary>
    Interrupted,

    /// <summary>The memory limit and the temporary folder, if any, are too small.</summary>
    OutOfMemory,

    /// <summary>A file is missing, unreadable or damaged, or the disk is full.</summary>
    File,

    /// <summary>The query needs something that is disabled.</summary>
    NotPermitted,

    /// <summary>A library with which DuckDB reads files (Thrift, zstd) failed, because a file is damaged.</summary>
    Unreadable,

    /// <summary>The query is wrong: its syntax, a name, a type or a value.</summary>
    Query,
}
