namespace CloudTicks.Lake.Native;

#pragma warning disable CA1720 // the names are DuckDB's

/// <summary>Types of columns. The values are those of <c>duckdb_type</c>.</summary>
public enum DuckDbType
{
    /// <summary>No type.</summary>
    Invalid = 0,

    /// <summary>One byte, 0 or 1.</summary>
    Boolean = 1,

    /// <summary>8 bits, signed.</summary>
    TinyInt = 2,

    /// <summary>16 bits, signed.</summary>
    SmallInt = 3,

    /// <summary>32 bits, signed.</summary>
    Integer = 4,

    /// <summary>64 bits, signed.</summary>
    BigInt = 5,

    /// <summary>8 bits, unsigned.</summary>
    UTinyInt = 6,

    /// <summary>16 bits, unsigned.</summary>
    USmallInt = 7,

    /// <summary>32 bits, unsigned.</summary>
    UInteger = 8,

    /// <summary>64 bits, unsigned.</summary>
    UBigInt = 9,

    /// <summary>Single precision.</summary>
    Float = 10,

    /// <summary>Double precision.</summary>
    Double = 11,

    /// <summary>Microseconds since 1970, without a time zone.</summary>
    Timestamp = 12,

    /// <summary>Days since 1970.</summary>
    Date = 13,

    /// <summary>Microseconds since midnight.</summary>
    Time = 14,

    /// <summary>Months, days and microseconds.</summary>
    Interval = 15,

    /// <summary>128 bits, signed.</summary>
    HugeInt = 16,

    /// <summary>UTF-8.</summary>
    Varchar = 17,

    /// <summary>Bytes.</summary>
    Blob = 18,

    /// <summary>A mantissa of 16 to 128 bits and the column's scale.</summary>
    Decimal = 19,

    /// <summary>Seconds since 1970.</summary>
    TimestampS = 20,

    /// <summary>Milliseconds since 1970.</summary>
    TimestampMs = 21,

    /// <summary>Nanoseconds since 1970.</summary>
    TimestampNs = 22,

    /// <summary>An index into the column's names.</summary>
    Enum = 23,

    /// <summary>A range of a child vector.</summary>
    List = 24,

    /// <summary>Named children.</summary>
    Struct = 25,

    /// <summary>Microseconds since 1970, UTC.</summary>
    TimestampTz = 31,

    /// <summary>128 bits, unsigned.</summary>
    UHugeInt = 32,
}
