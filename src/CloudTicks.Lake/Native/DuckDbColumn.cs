namespace CloudTicks.Lake.Native;

/// <summary>A column of a result.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Scale">Digits after the decimal point of a <see cref="DuckDbType.Decimal"/>, otherwise 0.</param>
/// <param name="Storage">The type of the stored values: the integer type of a decimal, otherwise <paramref name="Type"/>.</param>
/// <param name="Element">The elements of a <see cref="DuckDbType.List"/>, otherwise null.</param>
public sealed record DuckDbColumn(string Name, DuckDbType Type, int Scale, DuckDbType Storage, DuckDbColumn? Element)
{
    /// <summary>Reads a logical type and frees it.</summary>
    internal static DuckDbColumn FromLogicalType(string name, nint logicalType)
    {
        try
        {
            var type = DuckDbVectorMethods.TypeId(logicalType);
            return type switch
            {
                DuckDbType.Decimal => new DuckDbColumn(
                    name, type, DuckDbVectorMethods.DecimalScale(logicalType), DuckDbVectorMethods.DecimalStorage(logicalType), null),
                DuckDbType.List => new DuckDbColumn(
                    name, type, 0, type, FromLogicalType(name, DuckDbVectorMethods.ListChildType(logicalType))),
                _ => new DuckDbColumn(name, type, 0, type, null),
            };
        }
        finally
        {
            DuckDbVectorMethods.DestroyType(ref logicalType);
        }
    }
}
