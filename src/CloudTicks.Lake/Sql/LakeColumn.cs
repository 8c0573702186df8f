namespace CloudTicks.Lake.Sql;

/// <summary>A column of a query.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsNumber">Whether the column's texts are numbers.</param>
public sealed record LakeColumn(string Name, bool IsNumber);
