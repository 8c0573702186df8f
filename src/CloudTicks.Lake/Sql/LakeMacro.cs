namespace CloudTicks.Lake.Sql;

/// <summary>One of our SQL functions.</summary>
/// <param name="Signature">Its name and parameters.</param>
/// <param name="Help">A sentence that says what the function returns.</param>
/// <param name="Body">The SQL after <c>AS</c>.</param>
public sealed record LakeMacro(string Signature, string Help, string Body);
