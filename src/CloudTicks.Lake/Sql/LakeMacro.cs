namespace CloudTicks.Lake.Sql;

/// <summary>One of our SQL functions.</summary>
/// <param name="Signature">Its name and parameters.</param>
/// <param name="Help">What it returns, in a sentence.</param>
/// <param name="Body">The SQL after <c>AS</c>.</param>
public sealed record LakeMacro(string Signature, string Help, string Body);
