namespace CloudTicks.Lake.Native;

/// <summary>A column of a result.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Scale">Digits behind the decimal point of a <see cref="DuckDbType.Decimal"/>, else 0.</param>
/// <param name="Storage">How a value lies in the vector: the integer of a decimal, else <paramref name="Type"/>.</param>
/// <param name="Element">The elements of a <see cref="DuckDbType.List"/>, else null.</param>
public sealed record DuckDbColumn(string Name, DuckDbType Type, int Scale, DuckDbType Storage, DuckDbColumn? Element)
{
    /// <summary>Reads a logical type and frees it.</summary>
    internal static DuckDbColumn Take(string name, nint logicalType)
    {
        try
        {
            var type = DuckDbVectorMethods.TypeId(logicalType);
            return type switch
            {
                DuckDbType.Decimal => new DuckDbColumn(
                    name, type, DuckDbVectorMethods.DecimalScale(logicalType), DuckDbVectorMethods.DecimalStorage(logicalType), null),
                DuckDbType.List => new DuckDbColumn(name, type, 0, type, Take(name, DuckDbVectorMethods.ListChildType(logicalType))),
                _ => new DuckDbColumn(name, type, 0, type, null),
            };
        }
        finally
        {
            DuckDbVectorMethods.DestroyType(ref logicalType);
        }
    }
}
